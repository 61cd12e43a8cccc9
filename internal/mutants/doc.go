// Command mutants puts one fault after the other into package htlc and its formats, and
// runs their tests: each fault must be caught. The faults are the files of htlc/mutants;
// the sources are not touched (go test -overlay).
package main
