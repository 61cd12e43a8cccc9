package node

import "context"

// AssetForwards gives a page of what was forwarded in assets.
func (n *Node) AssetForwards(ctx context.Context, req AssetForwards) (AssetForwardPage, error) {
	wanted := func(*Forward) bool { return true }
	if req.Symbol != "" {
		t, err := n.tokens.named(req.Symbol)
		if err != nil {
			return AssetForwardPage{}, err
		}
		wanted = func(f *Forward) bool { return f.AssetIn == t.ID || f.AssetOut == t.ID }
	}
	page, err := n.listForwards(ctx, n.sw.tokenHistory, req.ListForwards, wanted)
	if err != nil {
		return AssetForwardPage{}, err
	}
	known := make(map[AssetID]Asset)
	named := func(id AssetID) Asset {
		a, ok := known[id]
		if !ok {
			a = n.asset(id)
			known[id] = a
		}
		return a
	}
	out := AssetForwardPage{Next: page.Next}
	for _, f := range page.Forwards {
		out.Forwards = append(out.Forwards, AssetForward{Forward: f, From: named(f.AssetIn), To: named(f.AssetOut)})
	}
	return out, nil
}
