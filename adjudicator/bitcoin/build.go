package bitcoin

import (
	"errors"
	"fmt"

	"github.com/btcsuite/btcd/txscript"
	"github.com/btcsuite/btcd/wire"
	"github.com/nichework/nwnd/adjudicator"
	"github.com/nichework/nwnd/htlc"
	"github.com/nichework/nwnd/htlc/bolt3"
)

// Errors of Build.
var (
	ErrLocked     = errors.New("adjudicator: claim is not ready")
	ErrTogether   = errors.New("adjudicator: claims can't be in one transaction")
	ErrUneconomic = errors.New("adjudicator: claim costs more than it saves")
)

// Order asks for one transaction.
type Order struct {
	Claims []*Claim
	Fees   []FeeInput         // coins of the wallet that pay for it; needed for staged claims alone
	Rate   htlc.FeeRate       // satoshi per 1000 weight units
	Dest   []byte             // where the money goes, and the change
	Tip    adjudicator.Height // the transaction is for the block after it
	Parent *Parent            // whose fee this transaction raises, nil for none
}

// Parent is a transaction without a confirmation that an Anchor claim spends: both are mined
// for what both pay. A claim of it is made for the block after the tip.
type Parent struct {
	Weight int64
	Fee    htlc.Sat
	Saves  htlc.Sat // at stake if it is late: together with the claims, the most to pay
}

// FeeInput is a coin whose owner signs later, with SIGHASH_ALL; that changes neither the
// transaction's id nor the claims' signatures.
type FeeInput struct {
	Out      wire.OutPoint
	Value    htlc.Sat
	PkScript []byte
	Witness  int64 // weight units of its witness, once it has one
}

// Spend is a transaction that takes claims: their inputs first, those of staged claims in
// front, each with its output at the same index, then those of Fees, unsigned; what isn't
// in the staged outputs is in one more, to Order.Dest.
type Spend struct {
	Tx     *wire.MsgTx
	Claims []*Claim // in the order of the inputs
	Fee    htlc.Sat
	Weight int64 // with every signature at its longest, and Fees' witnesses
}

const (
	txVersion = 2 // relative locks need it
	// replaceable lets a later transaction pay more (BIP 125), and nLockTime count.
	replaceable = wire.MaxTxInSequenceNum - 2
	// maxWeight is what nodes relay.
	maxWeight = 400_000
	// inputBase is an input without its witness, in weight units: outpoint, empty script,
	// sequence. fixedBase is version, locktime and the segwit marker.
	inputBase = 4 * (36 + 1 + 4)
	fixedBase = 4*(4+4) + 2
)

// Build makes and signs the transaction that takes the claims. It refuses what could not be
// in the next block (ErrLocked), what can't be in one transaction (ErrTogether), and what
// costs more than it brings, in all or for one claim (ErrUneconomic). Staged claims
// without Fees and without others give a transaction that pays no fee: their outputs are
// fixed by the peer's signatures.
func Build(o *Order, signer Signer) (*Spend, error) {
	s, err := o.arrange()
	if err != nil {
		return nil, err
	}
	fetch := txscript.NewMultiPrevOutFetcher(nil)
	var in htlc.Sat
	for _, c := range s.Claims {
		sequence := uint32(c.Delay)
		if sequence == 0 {
			sequence = replaceable
		}
		s.add(c.Out, sequence)
		fetch.AddPrevOut(c.Out, &wire.TxOut{Value: int64(c.Value), PkScript: bolt3.PayToScript(c.Script)})
		if c.Path.Staged() {
			s.Tx.AddTxOut(&wire.TxOut{Value: int64(c.Value), PkScript: bolt3.PayToScript(c.delayed)})
		} else {
			in += c.Value
		}
	}
	for i := range o.Fees {
		f := &o.Fees[i]
		s.add(f.Out, replaceable)
		fetch.AddPrevOut(f.Out, &wire.TxOut{Value: int64(f.Value), PkScript: f.PkScript})
		in += f.Value
	}
	if err := s.pay(o, in); err != nil {
		return nil, err
	}
	if err := sign(s.Tx, s.Claims, fetch, signer); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Spend) add(out wire.OutPoint, sequence uint32) {
	s.Tx.AddTxIn(&wire.TxIn{PreviousOutPoint: out, Sequence: sequence})
}

// arrange checks that the claims may be taken, and together, and orders them.
func (o *Order) arrange() (*Spend, error) {
	if len(o.Claims) == 0 || len(o.Dest) == 0 {
		return nil, fmt.Errorf("%w: %d claims to a script of %d bytes", ErrTogether, len(o.Claims), len(o.Dest))
	}
	tx := wire.NewMsgTx(txVersion)
	var staged, rest []*Claim
	seen := make(map[wire.OutPoint]bool)
	for _, c := range o.Claims {
		switch {
		case seen[c.Out]:
			return nil, fmt.Errorf("%w: %v twice", ErrTogether, c.Out)
		case c.NeedsPreimage && c.Preimage == nil:
			return nil, fmt.Errorf("%w: incoming HTLC %d at %v", ErrPreimage, c.HTLC.ID, c.Out)
		case !c.Ready(o.Tip):
			return nil, fmt.Errorf("%w: %v (%v) may be in block %d, next is %d",
				ErrLocked, c.Out, c.Path, c.Matures(), o.Tip+1)
		case !c.Path.Staged():
			rest = append(rest, c)
			tx.LockTime = max(tx.LockTime, c.LockTime)
		case len(staged) > 0 && staged[0].LockTime != c.LockTime:
			return nil, fmt.Errorf("%w: HTLC transactions locked until %d and %d",
				ErrTogether, staged[0].LockTime, c.LockTime)
		default:
			staged = append(staged, c)
		}
		seen[c.Out] = true
	}
	if len(staged) > 0 {
		if lock := staged[0].LockTime; tx.LockTime > lock {
			return nil, fmt.Errorf("%w: an HTLC transaction of locktime %d with a claim locked until %d",
				ErrTogether, lock, tx.LockTime)
		}
		tx.LockTime = staged[0].LockTime
	}
	return &Spend{Tx: tx, Claims: append(staged, rest...)}, nil
}

// pay sets fee, weight and the last output.
func (s *Spend) pay(o *Order, in htlc.Sat) error {
	var saved htlc.Sat
	if o.Parent != nil {
		saved = o.Parent.Saves
	}
	for _, c := range s.Claims {
		saved += c.Value
		if cost := c.Cost(o.Rate); cost >= c.Value && (o.Parent == nil || c.Path != Anchor) {
			return fmt.Errorf("%w: %v (%v) is worth %d sat and costs %d at %d sat/kw",
				ErrUneconomic, c.Out, c.Path, c.Value, cost, o.Rate)
		}
	}
	bare := s.weight(o)
	if in == 0 {
		s.Weight = bare
		return s.tooHeavy()
	}
	s.Tx.AddTxOut(&wire.TxOut{PkScript: o.Dest})
	s.Weight = s.weight(o)
	s.Fee = o.fee(s.Weight)
	last := s.Tx.TxOut[len(s.Tx.TxOut)-1]
	last.Value = int64(in - s.Fee)
	if in-s.Fee < Dust(o.Dest) {
		// What is left would be dust: it goes to the fee, if there are other outputs.
		s.Tx.TxOut = s.Tx.TxOut[:len(s.Tx.TxOut)-1]
		s.Weight, s.Fee = bare, in
		if need := o.fee(bare); len(s.Tx.TxOut) == 0 || in < need {
			return fmt.Errorf("%w: %d sat pay for no output, the fee is %d and dust is below %d",
				ErrUneconomic, in, need, Dust(o.Dest))
		}
	}
	if s.Fee >= saved {
		return fmt.Errorf("%w: a fee of %d sat for %d", ErrUneconomic, s.Fee, saved)
	}
	return s.tooHeavy()
}

// fee is that of a transaction of the weight, with what its parent lacks.
func (o *Order) fee(weight int64) htlc.Sat {
	own := feeFor(o.Rate, weight)
	if o.Parent == nil {
		return own
	}
	return max(own, feeFor(o.Rate, weight+o.Parent.Weight)-o.Parent.Fee)
}

func (s *Spend) tooHeavy() error {
	if s.Weight > maxWeight {
		return fmt.Errorf("%w: weight %d, nodes relay %d", ErrTogether, s.Weight, maxWeight)
	}
	return nil
}

// weight counts the transaction with its witnesses as they will be.
func (s *Spend) weight(o *Order) int64 {
	w := 4*int64(s.Tx.SerializeSizeStripped()) + 2
	for _, c := range s.Claims {
		w += c.WitnessWeight()
	}
	for i := range o.Fees {
		w += o.Fees[i].Witness
	}
	return w
}

// Weight is what a claim alone adds to a transaction, in weight units: its input with the
// witness, and its output if it is staged.
func (c *Claim) Weight() int64 {
	w := inputBase + c.WitnessWeight()
	if c.Path.Staged() {
		w += 4 * (8 + 1 + 34)
	}
	return w
}

// StageWeight is what the output of a staged claim will add to the transaction that takes
// it, in weight units; 0 for other claims.
func (c *Claim) StageWeight() int64 {
	if !c.Path.Staged() {
		return 0
	}
	later := Claim{Path: StageOutput, Script: c.delayed}
	return later.Weight()
}

// Cost is what a claim alone adds to the fee of a transaction at a rate. Of a staged claim
// the second transaction isn't in it: see StageWeight.
func (c *Claim) Cost(rate htlc.FeeRate) htlc.Sat { return feeFor(rate, c.Weight()) }

// Overhead is the weight of a transaction with so many inputs, without them, and with one
// output to a script.
func Overhead(inputs int, dest []byte) int64 {
	counts := 2 * wire.VarIntSerializeSize(uint64(inputs)) // of outputs there are no more, but one
	return fixedBase + 4*int64(counts+8+wire.VarIntSerializeSize(uint64(len(dest)))+len(dest))
}

// Weight is what a coin of the wallet's adds to a transaction, in weight units.
func (f *FeeInput) Weight() int64 { return inputBase + f.Witness }

// feeFor is rate times weight, rounded up.
func feeFor(rate htlc.FeeRate, weight int64) htlc.Sat {
	return htlc.Sat((int64(rate)*weight + 999) / 1000)
}

// Dust is the least value that nodes relay to a script, at 3 sat/vB for the output and the
// input that spends it (BOLT 3, "Dust Limits").
func Dust(script []byte) htlc.Sat {
	const input, witnessInput = 148, 67
	size := int64(8 + wire.VarIntSerializeSize(uint64(len(script))) + len(script))
	if txscript.IsWitnessProgram(script) {
		return htlc.Sat(3 * (size + witnessInput))
	}
	return htlc.Sat(3 * (size + input))
}
