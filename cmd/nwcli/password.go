package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nichework/nwnd/lnrpc"
)

func (a *app) changePassword() *cobra.Command {
	var oldFile, newFile string
	c := &cobra.Command{
		Use:     "changepassword",
		Short:   "Change the password of a locked wallet, and open it",
		Long:    "Change the password of a locked wallet, and open it. Stop and start nwnd first if the wallet is open.",
		Example: "  nwcli changepassword",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.asked = true
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			ctx := cmd.Context()
			req := &lnrpc.ChangePasswordRequest{}
			if req.CurrentPassword, err = a.password(ctx, oldFile, false); err != nil {
				return err
			}
			defer clear(req.CurrentPassword)
			if newFile == "" {
				fmt.Fprintln(a.errOut, "The new password.")
			}
			if req.NewPassword, err = a.password(ctx, newFile, true); err != nil {
				return err
			}
			defer clear(req.NewPassword)
			if _, err := lnrpc.NewWalletUnlockerClient(conn).ChangePassword(ctx, req); err != nil {
				return err
			}
			a.note("The password is changed and the wallet is open; the node is starting.")
			return a.awaitUp(ctx, lnrpc.NewStateClient(conn))
		},
	}
	c.Flags().StringVar(&oldFile, "password-file", "", "file with the old password, which others must not be able to read")
	c.Flags().StringVar(&newFile, "new-password-file", "", "file with the new one")
	return c
}
