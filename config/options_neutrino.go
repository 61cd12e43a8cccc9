package config

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/btcsuite/btcd/chaincfg/chainhash"
)

// Backends, as bitcoin.node names them.
const (
	NodeBtcd     = "btcd"
	NodeBitcoind = "bitcoind"
	NodeNeutrino = "neutrino"
)

// Neutrino is how the embedded light client finds its peers and what it keeps.
type Neutrino struct {
	AddPeers           []string      `long:"addpeer" description:"Bitcoin node to connect to beside those found, host or host:port; may be given several times."`
	ConnectPeers       []string      `long:"connect" description:"Bitcoin node to connect to, host or host:port; may be given several times. If any is given, no others are looked for: on regtest and simnet there are no others."`
	MaxPeers           int           `long:"maxpeers" default:"8" description:"Bitcoin nodes to be connected to, at most."`
	BanDuration        time.Duration `long:"banduration" default:"48h" description:"How long a node that sent nonsense is left alone."`
	BanThreshold       uint32        `long:"banthreshold" default:"100" description:"Score of misbehaviour at which a node is left alone."`
	UserAgentName      string        `long:"useragentname" default:"neutrino" description:"Program's name that bitcoin nodes are told."`
	UserAgentVersion   string        `long:"useragentversion" default-mask:"<neutrino's version>" description:"Program's version that bitcoin nodes are told."`
	BroadcastTimeout   time.Duration `long:"broadcasttimeout" default:"5s" description:"How long nodes may take to ask for a transaction that they were told of."`
	PersistFilters     bool          `long:"persistfilters" description:"Keep the blocks' filters on disk, some 20 kB a block on the main network."`
	AssertFilterHeader string        `long:"assertfilterheader" description:"height:hash of a filter header known to be right; if the one on disk differs, all are fetched anew."`
	ValidateChannels   bool          `long:"validatechannels" description:"Look up each channel of the graph on chain, for which most blocks are downloaded. Without, announcements are believed if their signatures are right."`
}

// Header is what assertfilterheader says; nil if nothing.
func (n *Neutrino) Header() (height uint32, hash *chainhash.Hash, err error) {
	if n.AssertFilterHeader == "" {
		return 0, nil, nil
	}
	before, after, ok := strings.Cut(n.AssertFilterHeader, ":")
	at, err := strconv.ParseUint(before, 10, 31)
	if !ok || err != nil {
		return 0, nil, fmt.Errorf("config: neutrino.assertfilterheader %q is not of the form height:hash", n.AssertFilterHeader)
	}
	if hash, err = chainhash.NewHashFromStr(after); err != nil || len(after) != 2*chainhash.HashSize {
		return 0, nil, fmt.Errorf("config: neutrino.assertfilterheader %q has no hash of 64 digits", n.AssertFilterHeader)
	}
	return uint32(at), hash, nil
}

func (n *Neutrino) check(net Network) error {
	_, _, err := n.Header()
	if n.MaxPeers < 1 || n.MaxPeers > 125 {
		err = errors.Join(err, fmt.Errorf("config: neutrino.maxpeers is %d, it may be 1 to 125", n.MaxPeers))
	}
	if n.BanDuration < time.Second {
		err = errors.Join(err, fmt.Errorf("config: neutrino.banduration is %v, it must be at least 1s", n.BanDuration))
	}
	if n.BroadcastTimeout < time.Second || n.BroadcastTimeout > time.Minute {
		err = errors.Join(err, fmt.Errorf("config: neutrino.broadcasttimeout is %v, it may be 1s to 1m", n.BroadcastTimeout))
	}
	if net.Worthless && len(n.ConnectPeers) == 0 && len(n.AddPeers) == 0 {
		err = errors.Join(err, fmt.Errorf("config: bitcoin.node=neutrino on %s needs neutrino.connect: nodes of a "+
			"private network can't be found", net.Name))
	}
	return err
}

// fill gives addresses the network's port.
func (n *Neutrino) fill(net Network) {
	for _, list := range [][]string{n.AddPeers, n.ConnectPeers} {
		for i := range list {
			list[i] = withPort(list[i], net.Params.DefaultPort)
		}
	}
}

// chooseNode fills in bitcoin.node where the options don't say: btcd on networks of one's own and
// wherever btcd's user is given, since lnd means btcd when it isn't told; neutrino elsewhere.
func (c *Config) chooseNode() {
	switch {
	case c.Bitcoin.Node != "":
	case c.Network.Worthless, c.Btcd.RPCUser != "":
		c.Bitcoin.Node = NodeBtcd
	default:
		c.Bitcoin.Node = NodeNeutrino
	}
}
