package contract

import (
	"github.com/ethereum/go-ethereum/common"

	"github.com/nichework/nwnd/adjudicator/evm"
)

// keep is for how many seconds behind its end a channel's data stays: until then a chain that breaks its
// own rule of finality harms nobody.
const keep = 24 * 3600

// finish notes that everything is final, and that it is so long ago that nothing is needed any more. What
// the contract still owes keeps a channel.
func (r *resolver) finish(final *evm.Case) {
	r.done = final.Done(r.at.Time)
	if !r.done {
		return
	}
	if r.job.done == 0 {
		r.job.done, r.touched = r.at.Time, true
		ending, _ := final.Ended()
		r.log.Info("the channel is settled on chain and final", "by", ending, "tx", endTx(&final.State))
	}
	r.clear(AlarmDeadline)
	if !r.ended {
		r.ended = true
		ending, n := final.Ended()
		end := End{Ending: ending, Number: n, Tx: endTx(&final.State), Recovered: final.State.Paid[r.mine]}
		if end.Block = final.State.End.Block; end.Block == 0 {
			end.Block = final.State.Closed.Block
		}
		r.ch.Ended(end)
	}
	if !r.buried && !r.alarms[AlarmOwed] && r.at.Time >= r.job.done+keep {
		r.buried = true
		r.clear(AlarmBreach)
		r.clear(AlarmStale)
		r.ch.Bury()
	}
}

// endTx is the transaction that ended a channel, or that posted the state whose rest is the peer's.
func endTx(s *evm.State) common.Hash {
	if s.How == evm.NotEnded {
		return s.Closed.Tx
	}
	return s.End.Tx
}
