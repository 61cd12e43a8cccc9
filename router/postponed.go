package router

import "time"

// Bounds of the announcements that wait for their block. Nothing shows of a channel in a contract that it ever was there,
// so those wait for a while only, and leave room for each other and for bitcoin's.
const (
	maxPostponed       = 1000
	maxPostponedAssets = maxPostponed / 2
	maxPostponedOfPeer = maxPostponed / 8 // in assets
	postponedFor       = 24 * time.Hour   // in assets: longer than a block takes to be final anywhere
)

// Postpone keeps an announcement whose block the caller's chain has not reached, or
// could not read, for another try after the next block. It is false when too many
// wait already; then the announcement is dropped, not refused for good.
func (s *Gossip) Postpone(c *FundingCheck) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.postpone(c)
}

func (s *Gossip) postpone(c *FundingCheck) bool {
	id := c.ID()
	if _, ok := s.postponed[id]; !ok && len(s.postponed) >= maxPostponed {
		return false
	}
	s.postponed[id] = c
	return true
}

// PostponeAsset is Postpone for a channel in a contract. It is false, too, a day after the first time, and when too many
// of the same peer wait.
func (s *Gossip) PostponeAsset(c *FundingCheck, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.since.IsZero() {
		c.since = now
	}
	if now.Sub(c.since) > postponedFor {
		return false
	}
	all, same := 0, 0
	for id, other := range s.postponed {
		if other.since.IsZero() || id == c.ID() {
			continue
		}
		if all++; other.Peer == c.Peer {
			same++
		}
	}
	return all < maxPostponedAssets && same < maxPostponedOfPeer && s.postpone(c)
}

// Postponed takes out what was postponed, to be looked up again; each ends in
// Confirm, Reject, Postpone or PostponeAsset.
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
