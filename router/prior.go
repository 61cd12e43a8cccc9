package router

import "math"

// The chance that a channel we know nothing of forwards an amount falls from
// priorSmall for a small part of its capacity to priorFull for all of it.
const (
	priorSmall = 0.95
	priorFull  = 0.60
)

// prior returns the probability for amount/capacity = ratio; an unknown capacity
// counts as ratio 0.
func prior(ratio float64) float64 {
	return priorSmall - (priorSmall-priorFull)*min(1, max(0, ratio))
}

const priorSteps = 256

// priorCost holds -ln(prior(i/priorSteps)), since a logarithm per channel would be
// a third of a search's time.
var priorCost = func() (t [priorSteps + 1]float32) {
	for i := range t {
		t[i] = float32(-math.Log(prior(float64(i) / priorSteps)))
	}
	return t
}()

// surprise is -ln of the prior, from a table.
func surprise(ratio float32) float32 {
	if !(ratio > 0) {
		return priorCost[0]
	}
	return priorCost[int(min(1, ratio)*priorSteps)]
}
