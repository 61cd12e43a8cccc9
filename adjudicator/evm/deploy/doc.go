// Package deploy puts the contracts on a chain: the adjudicator, and tokens of an issuer. Each gets
// an address that only its code and terms decide (CREATE2, by the deployment proxy that most chains
// have), so that deploying again what is there is no harm, and everybody can tell the address of a chain's
// adjudicator without asking.
package deploy
