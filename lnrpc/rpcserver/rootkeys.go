package rpcserver

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"sync"

	"gopkg.in/macaroon-bakery.v2/bakery"
)

const (
	rootKeySize   = 32
	rootKeyRecord = 8 + rootKeySize // the id, big endian, and the key
	maxRootKeys   = 1000            // beside that of id 0
)

// errFirstRootKey is lnd's text for who would delete root key 0.
var errFirstRootKey = errors.New("the specified ID cannot be deleted")

// rootKeys are the keys that macaroons are made with, by id: one that is deleted takes its
// macaroons with it. The file has the key of id 0, then a record for each other. It is not
// encrypted: it grants what admin.macaroon beside it grants.
type rootKeys struct {
	file string

	mu   sync.RWMutex
	keys map[uint64][]byte
}

// openRootKeys reads the file, or makes it, with a key for id 0.
func openRootKeys(file string) (k *rootKeys, fresh bool, err error) {
	k = &rootKeys{file: file, keys: map[uint64][]byte{}}
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		_, err := k.make(0)
		return k, true, err
	}
	if err != nil {
		return nil, false, fmt.Errorf("rpcserver: root key: %w", err)
	}
	size := len(raw)
	if size < rootKeySize || (size-rootKeySize)%rootKeyRecord != 0 {
		return nil, false, fmt.Errorf("rpcserver: root key %s has %d bytes, needs %d and %d for each further key",
			file, size, rootKeySize, rootKeyRecord)
	}
	k.keys[0], raw = raw[:rootKeySize:rootKeySize], raw[rootKeySize:]
	for ; len(raw) > 0; raw = raw[rootKeyRecord:] {
		k.keys[binary.BigEndian.Uint64(raw)] = raw[8:rootKeyRecord:rootKeyRecord]
	}
	return k, false, nil
}

// make gives the key of an id, a new one if it has none.
func (k *rootKeys) make(id uint64) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key, ok := k.keys[id]; ok {
		return key, nil
	}
	if len(k.keys) > maxRootKeys {
		return nil, fmt.Errorf("rpcserver: there are %d root keys already: delete one (DeleteMacaroonID)", maxRootKeys)
	}
	key := make([]byte, rootKeySize)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("rpcserver: root key: %w", err)
	}
	k.keys[id] = key
	if err := k.write(); err != nil {
		delete(k.keys, id)
		return nil, err
	}
	return key, nil
}

// remove forgets the key of an id, and tells whether there was one.
func (k *rootKeys) remove(id uint64) (bool, error) {
	if id == 0 {
		return false, errFirstRootKey
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.keys[id]
	if !ok {
		return false, nil
	}
	delete(k.keys, id)
	if err := k.write(); err != nil {
		k.keys[id] = key
		return false, err
	}
	return true, nil
}

// ids lists the ids, in order.
func (k *rootKeys) ids() []uint64 {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return slices.Sorted(maps.Keys(k.keys))
}

// write needs k.mu.
func (k *rootKeys) write() error {
	var b bytes.Buffer
	b.Write(k.keys[0])
	for _, id := range slices.Sorted(maps.Keys(k.keys)) {
		if id != 0 {
			b.Write(binary.BigEndian.AppendUint64(nil, id))
			b.Write(k.keys[id])
		}
	}
	if err := writeSecret(k.file, b.Bytes()); err != nil {
		return fmt.Errorf("rpcserver: root key: %w", err)
	}
	return nil
}

// rootKeyOf is the context's value that chooses the root key of a new macaroon.
type rootKeyOf struct{}

// RootKey is of bakery.RootKeyStore.
func (k *rootKeys) RootKey(ctx context.Context) (key, id []byte, err error) {
	chosen, _ := ctx.Value(rootKeyOf{}).(uint64)
	key, err = k.make(chosen)
	return key, []byte(strconv.FormatUint(chosen, 10)), err // the form that lnd's ids have
}

// Get is of bakery.RootKeyStore.
func (k *rootKeys) Get(_ context.Context, id []byte) ([]byte, error) {
	number, err := strconv.ParseUint(string(id), 10, 64)
	if err != nil {
		return nil, bakery.ErrNotFound
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	if key, ok := k.keys[number]; ok {
		return key, nil
	}
	return nil, bakery.ErrNotFound
}
