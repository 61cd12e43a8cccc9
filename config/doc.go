// Package config knows nwnd's options: their names (lnd's where they mean the same),
// defaults, meanings and checks, and how they are read from flags over a file. Options
// is the one place where they are listed; the sample file is written from it.
package config
