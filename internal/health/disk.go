package health

import (
	"context"
	"fmt"

	"github.com/lightningnetwork/lnd/healthcheck"
)

// Floor is how many bytes must be free whatever the options say. It is far more than the
// store writes between two looks, so that the daemon stops before a write fails.
const Floor = 64 << 20

// DiskShare checks that a share of the disk that holds path is free.
func DiskShare(path string, required float64) func(context.Context) error {
	return diskShare(path, required, healthcheck.AvailableDiskSpaceRatio)
}

func diskShare(path string, required float64, free func(string) (float64, error)) func(context.Context) error {
	return func(context.Context) error {
		is, err := free(path)
		if err != nil {
			return fmt.Errorf("health: free room at %s: %w", path, err)
		}
		if is < required {
			return fmt.Errorf("health: %.1f %% of the disk of %s are free, healthcheck.diskspace.diskrequired is %.1f %%",
				100*is, path, 100*required)
		}
		return nil
	}
}

// DiskFloor checks that the disk that holds path has at least Floor bytes free.
func DiskFloor(path string) func(context.Context) error {
	return diskFloor(path, healthcheck.AvailableDiskSpace)
}

func diskFloor(path string, free func(string) (uint64, error)) func(context.Context) error {
	return func(context.Context) error {
		is, err := free(path)
		if err != nil {
			return fmt.Errorf("health: free room at %s: %w", path, err)
		}
		if is < Floor {
			return fmt.Errorf("health: %d bytes of the disk of %s are free, nwnd needs %d: make room, then start it again",
				is, path, Floor)
		}
		return nil
	}
}
