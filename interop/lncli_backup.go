package main

import (
	"path/filepath"
)

// backups exports, verifies and restores, in each form. Nothing is lost, so nothing is restored.
func (t *tour) backups() {
	single := at(t.json("exportchanbackup", "--chan_point="+t.point), "chan_backup")
	t.json("exportchanbackup --all")
	t.json("verifychanbackup", "--single_backup="+single)

	file := filepath.Join(t.node.Dir, "exported.backup")
	t.text("exportchanbackup", "--all", "--output_file="+file)
	t.json("verifychanbackup", "--multi_file="+file)
	t.json("verifychanbackup", "--multi_file="+t.node.BackupFile())
	t.json("restorechanbackup", "--multi_file="+file)
	t.json("restorechanbackup", "--single_backup="+single)
	t.refused(t.global, "", "verifychanbackup", "--single_backup="+single[2:])
}
