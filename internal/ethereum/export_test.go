package ethereum

// NextRound is closed when the endpoints' words have been weighed once more.
func (c *Chain) NextRound() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rounds
}

// SetPiece has the past told in pieces of so many blocks.
func SetPiece(n int) (undo func()) {
	before := piece
	piece = uint64(n)
	return func() { piece = before }
}

// SetMaxLogs has so many logs taken in one read.
func SetMaxLogs(n int) (undo func()) {
	before := maxLogs
	maxLogs = n
	return func() { maxLogs = before }
}
