// Package invoicesrpc is the part of the API that holds, settles and cancels invoices.
package invoicesrpc
