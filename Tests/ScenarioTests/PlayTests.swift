import Scenario
import Testing

@Suite("A scenario as a play")
struct PlayTests {
    @Test("The contract's example, read aloud")
    func example() throws {
        #expect(
            try Example.file().play == """
                third attempt is acknowledged

                An app server that swallows two transmissions gets the same message again, in time, and the phone is told once.

                Cast
                  the relay  sends again after 1s, then 2 times as long, at most 30s
                  phone      a device with the app com.example.courier, which writes to 4711
                  shop       an app server for 4711; it leaves the first 2 deliveries of each message unanswered and ACKs the next; it comes back 500ms after a loss

                Act 1, at the beginning
                  shop connects.
                  phone goes online.
                  phone sends m-1 to 4711, with parcel "17", good for 60s.

                Act 2, at 1.5s
                  shop's connections to the relay end with a reset.

                The curtain falls after 5m.

                What must come of it
                  1. shop receives m-1 of com.example.courier, 3 times.
                  2. m-1 is settled in the end, after 3 attempts.
                  3. phone is told that m-1 is sent, once.
                  4. never: the relay sends m-1, after the relay settles m-1.

                """)
    }
}
