package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// shape is what a document shows: an object's keys, the elements of a list as one, and of
// a value whether it says anything.
type shape struct {
	keys   map[string]*shape // of an object
	each   *shape            // of a list with elements, or of a map that is keyed by data
	filled bool              // a value other than null, "", 0, false, and than an empty list
}

// keyedByData are objects whose keys are no names of fields.
var keyedByData = map[string]bool{
	"features": true, "account_balance": true, "dest_custom_records": true, "custom_records": true,
	"method_permissions": true, "first_hop_custom_records": true, "amp_invoice_state": true,
}

// add takes one more document of the same kind into the shape.
func (s *shape) add(name string, doc any) {
	switch v := doc.(type) {
	case map[string]any:
		s.filled = s.filled || len(v) > 0
		if keyedByData[name] {
			for _, k := range slices.Sorted(maps.Keys(v)) {
				s.element().add("", v[k])
			}
			return
		}
		if s.keys == nil {
			s.keys = map[string]*shape{}
		}
		for k, value := range v {
			if s.keys[k] == nil {
				s.keys[k] = &shape{}
			}
			s.keys[k].add(k, value)
		}
	case []any:
		s.filled = s.filled || len(v) > 0
		for _, value := range v {
			s.element().add("", value)
		}
	case nil:
	case bool:
		s.filled = s.filled || v
	default:
		text := strings.Trim(fmt.Sprint(v), "0.")
		s.filled = s.filled || text != ""
	}
}

func (s *shape) element() *shape {
	if s.each == nil {
		s.each = &shape{}
	}
	return s.each
}

// lacks says where lnd's shape has more than ours.
func (s *shape) lacks(path string, ours *shape, allowed func(path string) bool) []error {
	var all []error
	say := func(format string) {
		if !allowed(path) {
			all = append(all, fmt.Errorf(format, path))
		}
	}
	switch {
	case ours == nil:
		say("%s: lnd's answer has it, nwnd's not")
	case s.filled && !ours.filled:
		say("%s: lnd gives a value, nwnd none")
	default:
		for _, k := range slices.Sorted(maps.Keys(s.keys)) {
			all = append(all, s.keys[k].lacks(path+"."+k, ours.keys[k], allowed)...)
		}
		if s.each != nil {
			all = append(all, s.each.lacks(path+"[]", ours.each, allowed)...)
		}
	}
	return all
}

// differences tells of what lnd answered and nwnd didn't, but for what is allowed.
func differences(lnd, ours map[string][]any, allowed func(path string) bool) (all []error) {
	for _, name := range slices.Sorted(maps.Keys(lnd)) {
		want, got := &shape{}, &shape{}
		for _, doc := range lnd[name] {
			want.add("", doc)
		}
		for _, doc := range ours[name] {
			got.add("", doc)
		}
		if len(ours[name]) == 0 {
			all = append(all, fmt.Errorf("%s: nwnd gave no answer", name))
			continue
		}
		all = append(all, want.lacks(name, got, allowed)...)
	}
	return all
}

// compare tells of what lncli printed for lnd and not for nwnd.
func compare(lnd, ours map[string][]any) []error {
	all := differences(lnd, ours, func(path string) bool { return differs[path] != "" })
	if len(lnd) < fewestCommands {
		all = append(all, fmt.Errorf("%d commands were answered, at least %d should be", len(lnd), fewestCommands))
	}
	if len(all) > 0 {
		return []error{fmt.Errorf("lncli sees %d differences: %w", len(all), errors.Join(all...))}
	}
	return nil
}

// fewestCommands is how many commands must have been compared for the tour to count.
const fewestCommands = 50

// differs are the places where nwnd leaves out what lnd says, and why.
var differs = map[string]string{
	"channelbalance.custom_channel_data":                                       custom,
	"listinvoices.invoices[].htlcs[].custom_channel_data":                      custom,
	"lookupinvoice.htlcs[].custom_channel_data":                                custom,
	"payinvoice.first_hop_custom_records":                                      endorsed,
	"sendpayment.first_hop_custom_records":                                     endorsed,
	"trackpayment.first_hop_custom_records":                                    endorsed,
	"listpayments.payments[].first_hop_custom_records":                         endorsed,
	"wallet pendingsweeps.pending_sweeps[].deadline_height":                    deadline,
	"wallet pendingsweeps.pending_sweeps[].maturity_height":                    deadline,
	"getnetworkinfo.graph_diameter":                                            "it would take a search from every node",
	"estimatefee.inputs[].output_index":                                        "which coin is spent is each wallet's choice",
	"listpeers.peers[].ping_time":                                              "a peer is pinged once a minute, not at once",
	"pendingchannels.waiting_close_channels[].channel.num_forwarding_packages": "there are no such packages",
}

// Reasons of more than one of them.
const (
	custom   = "it counts data of custom channels, which there are none of"
	endorsed = "lnd signals an experiment there"
	deadline = "a bump is sent at once and has no deadline"
)
