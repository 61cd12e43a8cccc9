// Package ethereum follows an EVM chain over JSON-RPC and gets calls of contracts into its
// blocks: several endpoints that are compared and take over from each other, logs without gaps,
// a rule of its own for what is final, accounts whose nonces and fees it keeps.
//
// Nothing in it knows channels. Who follows decides anew at each head from what is final and
// what is not (Update), and says which calls should be in the next blocks (Sender.Want).
//
// # Whom it believes
//
// One endpoint is followed to its head (round.go), another one when it fails, lies or stays behind.
// Nothing is final before more than half of the endpoints say so and have the same block there
// (quorum.go, vote.go); one that doesn't answer has a say for a short time still. An endpoint that a
// majority contradicts is left out until it agrees again. Of two that contradict each other neither is
// believed: the head goes on, for the sake of deadlines, nothing gets final, and Health says why. With one endpoint
// its word is all there is, except that logs it leaves out show in its own bloom filters and receipts.
//
// Hashes of headers are compared, not computed: chains differ in what they hash. A log that two endpoints
// tell differently is told as the one that is followed has it, and alarms; who acts on amounts reads them
// with Call, which two endpoints must answer alike.
//
// # What it sends
//
// Each wanted call gets a nonce of the account with the least under way (send_round.go), pays what its
// deadline asks for (send_curve.go), and is durable before it is sent and until it is final (send_rows.go). What
// stands in the way of an urgent call is as urgent. A nonce whose call nobody wants any more carries the
// next call or a transfer of nothing. Chains without EIP-1559 are paid by gas price.
package ethereum
