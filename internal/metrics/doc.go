// Package metrics shows a node to Prometheus. Names are lndmon's where the meaning is, so
// that its dashboards and alarms serve; what is nwnd's own begins with nwnd_.
//
// It reads what the API reads and asks nothing of the switch. A scrape is bounded in time,
// one runs at a time, and the number of series is bounded whatever the node holds.
package metrics
