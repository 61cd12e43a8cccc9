package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/nichework/nwnd/internal/devnet/daemon"
)

// usage is what nodes have used since they started, added up; peakRSS is the largest.
type usage struct {
	cpu     time.Duration // user and system
	kept    int64         // bytes of disk that their directories take
	peakRSS int64         // bytes, since resetPeak
}

// resetPeak makes the peak of each node's memory what it uses now, so that the cost of
// creating a wallet (a key derivation that takes 256 MB) is left out.
func resetPeak(nodes []*daemon.Node) error {
	for _, n := range nodes {
		if err := os.WriteFile(filepath.Join("/proc", strconv.Itoa(n.PID()), "clear_refs"), []byte("5"), 0); err != nil {
			return err
		}
	}
	return nil
}

// clockTick is the unit of CPU times in /proc, the same on every Linux architecture Go runs on.
const clockTick = 10 * time.Millisecond

// sample reads usage from /proc and from the directories.
func sample(nodes []*daemon.Node) (usage, error) {
	var sum usage
	for _, n := range nodes {
		proc := filepath.Join("/proc", strconv.Itoa(n.PID()))
		stat, err := os.ReadFile(filepath.Join(proc, "stat"))
		if err != nil {
			return sum, err
		}
		// utime and stime are fields 14 and 15; the name in parentheses may hold spaces.
		after := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if len(after) < 13 {
			return sum, fmt.Errorf("%s/stat has %d fields", proc, len(after))
		}
		user, err1 := strconv.ParseInt(string(after[11]), 10, 64)
		system, err2 := strconv.ParseInt(string(after[12]), 10, 64)
		if err1 != nil || err2 != nil {
			return sum, fmt.Errorf("%s/stat: %s %s", proc, after[11], after[12])
		}
		sum.cpu += time.Duration(user+system) * clockTick
		rss, err := field(filepath.Join(proc, "status"), "VmHWM:")
		if err != nil {
			return sum, err
		}
		sum.peakRSS = max(sum.peakRSS, rss<<10)
		kept, err := diskUse(n.DataDir())
		if err != nil {
			return sum, err
		}
		sum.kept += kept
	}
	return sum, nil
}

// rss is the memory that a node uses now, in bytes, and what of it are pages of files, which the
// kernel can take back.
func rss(n *daemon.Node) (all, files int64, err error) {
	status := filepath.Join("/proc", strconv.Itoa(n.PID()), "status")
	if all, err = field(status, "VmRSS:"); err == nil {
		files, err = field(status, "RssFile:")
	}
	return all << 10, files << 10, err
}

// field reads the number after a name in a file of lines "name: number ...".
func field(path, name string) (int64, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(b) {
		f := bytes.Fields(line)
		if len(f) >= 2 && string(f[0]) == name {
			return strconv.ParseInt(string(f[1]), 10, 64)
		}
	}
	return 0, fmt.Errorf("%s has no %s", path, name)
}

// diskUse is the blocks that a directory's files take, in bytes.
func diskUse(dir string) (int64, error) {
	var sum int64
	err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if st, ok := info.Sys().(*syscall.Stat_t); ok {
			sum += st.Blocks * 512
		}
		return nil
	})
	return sum, err
}

// tmpfs is the type of a file system in memory (statfs(2)).
const tmpfs = 0x01021994

// realDisk refuses a directory in memory, where fsync costs nothing.
func realDisk(dir string) error {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return err
	}
	if st.Type == tmpfs {
		return fmt.Errorf("%s is in memory; name a directory on a disk with -dir", dir)
	}
	return nil
}
