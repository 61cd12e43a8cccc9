package contract

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/lightningnetwork/lnd/lnwire"

	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/adjudicator/evm"
	"github.com/nichework/nwnd/htlc"
)

// Alarm is what people must be told of a channel.
type Alarm uint8

// The alarms.
const (
	AlarmDeadline Alarm = iota // a call must be in a block soon
	AlarmBreach                // the peer posted a revoked state
	AlarmUnknown               // a state was posted that isn't known
	AlarmStale                 // our data is old
	AlarmOwed                  // a payment to us was refused by its receiver, and waits in the contract
	numAlarms
)

// Channel is one channel as a Court needs it. Its calls return at once; what they ask for happens soon
// after, and the Court is poked when that changed the channel.
type Channel interface {
	ID() lnwire.ChannelID
	View() *htlc.Channel
	// Asset is what the channel holds.
	Asset() evm.Asset
	Signer() (htlc.Signer, error)
	// Since is a block up to which nothing of the channel is on chain.
	Since() uint64

	// Halt stops the channel for good.
	Halt(reason string)
	// Learned gives the preimage of an HTLC that we offered.
	Learned(id uint64, p htlc.Preimage)
	// TimedOut says that nobody can take an HTLC that we offered any more but us.
	TimedOut(id uint64)

	// Funded tells what of the channel's money is on chain, finally: of an open channel, whenever
	// that is more than it was, and after each start.
	Funded(f Funds)
	// Ended says that all is settled and final.
	Ended(e End)
	// Bury says that nothing of the channel is needed any more.
	Bury()

	// Changed says that the channel's Report is another one.
	Changed()

	Raise(a Alarm, text string)
	Clear(a Alarm)
}

// Funds are gross totals in base units, by side, in final blocks.
type Funds struct {
	Opened    evm.Place // the deposit that opened the channel
	Deposits  [2]evm.Amount
	Withdrawn [2]evm.Amount
}

// End is how a channel ended.
type End struct {
	Ending    adjudicator.Ending
	Number    uint64      // of the posted commitment
	Tx        common.Hash // that ended it, or posted its last state if the rest is the peer's
	Block     uint64
	Recovered evm.Amount // paid to us by the end, in base units
}
