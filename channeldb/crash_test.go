package channeldb

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nichework/nwnd/channeldb/internal/fault"
)

const (
	sector = 512
	page   = 4096
)

// disk is what one commit did to the file, seen from outside.
type disk struct {
	before, after []byte
	requests      int  // in the file before it
	request       bool // whether it has one more, or only tidied
}

// A commit of bbolt writes data pages, syncs, writes one of the two meta pages, syncs. So the
// power can fail in three places, and what a disk may then hold follows from the file before and
// after the commit:
//
//	before the first sync   any sectors of the data pages, the old meta
//	before the second       all data pages; the new meta or the old one
//	after it                everything
//
// images returns such files, and for each whether the commit must be in it.
func (d disk) images(r *rand.Rand) (files [][]byte, committed []bool) {
	add := func(file []byte, done bool) { files, committed = append(files, file), append(committed, done) }
	old := append(bytes.Clone(d.before), make([]byte, len(d.after)-len(d.before))...)
	add(bytes.Clone(d.before), false)
	add(old, false) // grown, nothing else
	for range 3 {   // a random part of what was not synced
		torn := bytes.Clone(old)
		percent := r.IntN(100)
		for at := 2 * page; at < len(torn); at += sector {
			if r.IntN(100) < percent {
				copy(torn[at:at+sector], d.after[at:at+sector])
			}
		}
		add(torn, false)
	}
	data := bytes.Clone(old)
	copy(data[2*page:], d.after[2*page:])
	add(data, false)
	add(bytes.Clone(d.after), true)
	return files, committed
}

// moment is the state that the requests up to one of them make.
type moment struct {
	state   string
	dropped map[string]bool
}

// record plays requests one by one and returns what each commit did to the disk, and the states
// before the first and after each request.
func record(t *testing.T, r *rand.Rand, requests int) (commits []disk, moments []moment) {
	path := filepath.Join(t.TempDir(), "nwnd.db")
	file := func() []byte {
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		return b
	}
	var db *DB
	var now disk
	db = openSmall(t, path, fault.Plan{
		Before: func(uint64) error {
			now.before, now.request = file(), db.w.appends > 0
			return nil
		},
		After: func(uint64) error {
			now.after = file()
			commits = append(commits, now)
			if now.request {
				now.requests++
			}
			return nil
		},
	})
	want, s := newModel(), &script{r: r}
	note := func() { moments = append(moments, moment{want.String(), maps.Clone(want.dropped)}) }
	note()
	for range requests {
		request := s.request()
		require.NoError(t, db.Append(request...))
		want.apply(request...)
		note()
	}
	require.NoError(t, db.Close())
	return commits, moments
}

func TestAPowerCutLosesNothingAcknowledgedAndLeavesNothingHalfWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(seed(t), 0))
	commits, moments := record(t, r, 60)
	path := filepath.Join(t.TempDir(), "crashed.db")
	images := 0
	for i, c := range commits {
		files, committed := c.images(r)
		for j, file := range files {
			images++
			require.NoError(t, os.WriteFile(path, file, 0o600))
			db := openSmall(t, path, fault.Plan{})
			want := moments[c.requests]
			if committed[j] && c.request {
				want = moments[c.requests+1]
			}
			require.Equal(t, want.state, read(t, db, want.dropped).String(), "commit %d, image %d", i, j)
			checkIndex(t, db)
			require.NoError(t, db.Append(Batch{Stream: "after", Facts: [][]byte{{1}}}))
			require.NoError(t, db.Close())
		}
	}
	t.Logf("%d commits, %d images", len(commits), images)
}
