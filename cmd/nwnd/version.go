package main

import "runtime/debug"

// apiVersion is the version of lnd whose API this is; clients compare it.
const apiVersion = "0.21.1-beta"

// commit is the revision that this was built from, "" when the build doesn't know.
func commit() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	rev, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			rev = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "-dirty"
		}
	}
	if rev == "" {
		return ""
	}
	return rev + dirty
}

// version is what GetInfo says.
func version() string {
	c := commit()
	if c == "" {
		c = "unknown"
	}
	return apiVersion + " commit=nwnd-" + c[:min(len(c), 12)]
}
