// Package backup reads and writes static channel backups in lnd's file format: of each
// channel what never changes and is needed to get its money back when all else but the seed
// is lost. Which peer it is with and where that is reached, the funding output, which of the
// seed's keys are ours and what the peer's are.
//
// A Single is one channel, a Multi all of a node's. What leaves the process is packed:
// encrypted with a key that follows from the seed. The File is the packed Multi that a node
// keeps up to date.
//
// Nothing in a backup can be published. Who restores one waits for the peer to close.
package backup
