package config

import "time"

// Options is every option there is. A field's tags are its name, default and meaning;
// -o and the sample file are made from them, so nothing else repeats them.
type Options struct {
	NwndDir    string `long:"nwnddir" default:"~/.nwnd" no-ini:"true" description:"Directory of everything nwnd keeps."`
	ConfigFile string `short:"C" long:"configfile" no-ini:"true" default-mask:"<nwnddir>/nwnd.conf" description:"File to read options from; flags win over it."`
	DataDir    string `short:"b" long:"datadir" default-mask:"<nwnddir>/data" description:"Directory of wallet, channels and graph."`
	LogDir     string `long:"logdir" default-mask:"<nwnddir>/logs" description:"Directory of the log."`

	DebugLevel     string `short:"d" long:"debuglevel" default:"info" description:"trace, debug, info, warn, error or off; per subsystem as in info,PEER=debug; show lists the subsystems and ends."`
	MaxLogFileSize int    `long:"maxlogfilesize" default:"20" description:"Megabytes after which the log starts a new file."`
	MaxLogFiles    int    `long:"maxlogfiles" default:"10" description:"Old log files to keep."`

	Listen        []string `long:"listen" default-mask:"0.0.0.0:9735" description:"Address to take peers' connections at; may be given several times. With tor.active it is localhost:9735 by default."`
	DisableListen bool     `long:"nolisten" description:"Take no connections from peers; only make them."`
	ExternalIP    []string `long:"externalip" description:"Address to announce to the network, host or host:port; may be given several times."`
	ExternalHosts []string `long:"externalhosts" description:"Domain whose address to announce, host or host:port; may be given several times. It is looked up anew every few minutes."`
	AddPeers      []string `long:"addpeer" description:"Peer to stay connected to, as key@host:port; may be given several times."`
	RPCListen     []string `long:"rpclisten" default:"localhost:10009" description:"Address to serve the API at; may be given several times."`

	RESTListen     []string      `long:"restlisten" default:"localhost:8080" description:"Address to serve the API at as REST; may be given several times."`
	RESTCORS       []string      `long:"restcors" description:"Web page, https://host:port, whose scripts may call the REST API from a browser; * is every page; may be given several times."`
	NoREST         bool          `long:"norest" description:"Do not serve REST."`
	NoRESTTLS      bool          `long:"no-rest-tls" description:"Serve REST without TLS. Only where it listens on loopback or a private network."`
	WSPingInterval time.Duration `long:"ws-ping-interval" default:"30s" description:"How often WebSockets of the REST API are pinged; 0 is never."`
	WSPongWait     time.Duration `long:"ws-pong-wait" default:"5s" description:"How long an answer to that may take before the WebSocket is closed."`

	TLSCertPath     string        `long:"tlscertpath" default-mask:"<nwnddir>/tls.cert" description:"Certificate of the API; made if absent."`
	TLSKeyPath      string        `long:"tlskeypath" default-mask:"<nwnddir>/tls.key" description:"Its key."`
	TLSExtraIP      []string      `long:"tlsextraip" description:"Address to put in the certificate too; may be given several times."`
	TLSExtraDomain  []string      `long:"tlsextradomain" description:"Domain to put in the certificate too; may be given several times."`
	TLSAutoRefresh  bool          `long:"tlsautorefresh" description:"Make a new certificate when addresses or domains changed."`
	TLSNoAutofill   bool          `long:"tlsdisableautofill" description:"Leave this machine's name and addresses out of the certificate."`
	TLSCertDuration time.Duration `long:"tlscertduration" default:"10080h" description:"How long a certificate made here is good for."`

	NoMacaroons    bool   `long:"no-macaroons" description:"Let anyone who reaches the API use all of it. Only where it listens on loopback."`
	AdminMacPath   string `long:"adminmacaroonpath" default-mask:"<datadir>/chain/bitcoin/<network>/admin.macaroon" description:"Macaroon that permits everything; made if absent."`
	ReadMacPath    string `long:"readonlymacaroonpath" default-mask:"<datadir>/chain/bitcoin/<network>/readonly.macaroon" description:"Macaroon that permits reading."`
	InvoiceMacPath string `long:"invoicemacaroonpath" default-mask:"<datadir>/chain/bitcoin/<network>/invoice.macaroon" description:"Macaroon that permits making and reading invoices."`

	BackupFilePath string `long:"backupfilepath" default-mask:"<datadir>/chain/bitcoin/<network>/channel.backup" description:"File to keep the backup of all channels in. Copy it elsewhere whenever it changes: with the seed it brings back what is in channels."`

	PasswordFile string `long:"wallet-unlock-password-file" description:"File with the wallet's password, to open it at start without being asked. Others must not be able to read it."`
	AllowCreate  bool   `long:"wallet-unlock-allow-create" description:"With the password file: start without a wallet and wait for one to be created."`
	NoSeedBackup bool   `long:"noseedbackup" description:"Create a wallet without showing its seed and without a password of yours. Refused wherever coins are worth something."`

	Alias string `long:"alias" description:"Name to announce, at most 32 bytes; by default the beginning of the node's key."`
	Color string `long:"color" default:"#3399ff" description:"Color to announce."`

	ConnectTimeout time.Duration `long:"connectiontimeout" default:"30s" description:"How long connecting to a peer may take."`
	MinBackoff     time.Duration `long:"minbackoff" default:"1s" description:"Pause before a lost peer is tried again; it doubles with each failure."`
	MaxBackoff     time.Duration `long:"maxbackoff" default:"5m" description:"The longest such pause."`

	MaxPendingChannels int   `long:"maxpendingchannels" default:"1" description:"Channels that one peer may have in opening at the same time."`
	MinChanSize        int64 `long:"minchansize" default:"20000" description:"Smallest channel to accept, in satoshis."`
	MaxChanSize        int64 `long:"maxchansize" default:"16777215" description:"Largest channel to open or accept, in satoshis."`

	AcceptKeysend bool `long:"accept-keysend" description:"Take payments that no invoice asked for (keysend)."`

	Bitcoin  Bitcoin  `group:"Bitcoin" namespace:"bitcoin"`
	Btcd     Btcd     `group:"btcd" namespace:"btcd"`
	Bitcoind Bitcoind `group:"bitcoind" namespace:"bitcoind"`
	Neutrino Neutrino `group:"neutrino" namespace:"neutrino"`
	Fee      Fee      `group:"fee" namespace:"fee"`
	EVM      EVM      `group:"evm" namespace:"evm"`

	Tor         Tor         `group:"tor" namespace:"tor"`
	Prometheus  Prometheus  `group:"prometheus" namespace:"prometheus"`
	HealthCheck HealthCheck `group:"healthcheck" namespace:"healthcheck"`
	Pprof       Pprof       `group:"pprof" namespace:"pprof"`
}

// Bitcoin is the chain and what we ask of channels on it.
type Bitcoin struct {
	MainNet  bool `long:"mainnet" description:"Use the main network. Refused by this version."`
	TestNet3 bool `long:"testnet" description:"Use testnet3."`
	TestNet4 bool `long:"testnet4" description:"Use testnet4."`
	SigNet   bool `long:"signet" description:"Use signet."`
	SimNet   bool `long:"simnet" description:"Use btcd's simulation network."`
	RegTest  bool `long:"regtest" description:"Use a regression test network."`

	Node string `long:"node" default-mask:"<neutrino or btcd>" choice:"btcd" choice:"bitcoind" choice:"neutrino" description:"What to follow the chain with: btcd, bitcoind (experimental), or neutrino, which needs no node. Unless given it is btcd on simnet and regtest and wherever btcd.rpcuser is given, and neutrino elsewhere."`

	DefaultNumConfs  int `long:"defaultchanconfs" default:"3" description:"Confirmations that a channel opened to us needs."`
	FinalConfs       int `long:"finalconfs" default:"6" description:"Confirmations from which on a close, a claim or a punishment counts as final; at least 6."`
	FinalConfsPerBTC int `long:"finalconfsperbtc" default:"0" description:"Confirmations more for each whole bitcoin that is at stake, up to 100 in all."`

	MinHTLCOut    int64  `long:"minhtlcout" default:"1000" description:"Smallest HTLC to forward, in millisatoshis."`
	BaseFee       int64  `long:"basefee" default:"1000" description:"Fee for forwarding an HTLC, in millisatoshis."`
	FeeRate       int64  `long:"feerate" default:"1" description:"Fee for forwarding, in millionths of the amount."`
	TimeLockDelta uint16 `long:"timelockdelta" default:"80" description:"Blocks between the expiries of an HTLC forwarded and of the one that pays for it."`
}

// Btcd is how to reach a btcd.
type Btcd struct {
	RPCHost string `long:"rpchost" default:"localhost" description:"Its RPC address; the port depends on the network unless given."`
	RPCUser string `long:"rpcuser" description:"User of its RPC."`
	RPCPass string `long:"rpcpass" default-mask:"-" description:"Password of its RPC."`
	RPCCert string `long:"rpccert" default:"~/.btcd/rpc.cert" description:"Its certificate."`
}

// Fee is where fee rates come from.
type Fee struct {
	URL              string        `long:"url" description:"Web service to take fee rates from, instead of the chain's node: http or https, answering {\"fee_by_block_target\": {\"2\": 5000}, \"min_relay_feerate\": 1000} in satoshis per 1000 vbytes."`
	MinUpdateTimeout time.Duration `long:"min-update-timeout" default:"5m" description:"Least time between two questions to it."`
	MaxUpdateTimeout time.Duration `long:"max-update-timeout" default:"20m" description:"Greatest time between two questions to it."`
}
