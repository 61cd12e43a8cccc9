package router

// maxPostponed bounds the announcements that wait for their block.
const maxPostponed = 1000

// Postpone keeps an announcement whose block the caller's chain has not reached, or
// could not read, for another try after the next block. It is false when too many
// wait already; then the announcement is dropped, not refused for good.
func (s *Gossip) Postpone(c *FundingCheck) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := c.ID()
	if _, ok := s.postponed[id]; !ok && len(s.postponed) >= maxPostponed {
		return false
	}
	s.postponed[id] = c
	return true
}

// Postponed takes out what was postponed, to be looked up again; each ends in
// Confirm, Reject or Postpone.
func (s *Gossip) Postponed() []*FundingCheck {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*FundingCheck, 0, len(s.postponed))
	for _, c := range s.postponed {
		all = append(all, c)
	}
	clear(s.postponed)
	return all
}
