extension GCMAppServer {
    /// The messages that devices send to this app server, in the order of their arrival.
    ///
    /// Ends when the app server has ended, or the iterating task is cancelled. Several tasks may
    /// iterate: each message goes to one of them.
    public struct Messages: AsyncSequence, Sendable {
        let queue: EventQueue

        /// Starts to take messages.
        public func makeAsyncIterator() -> Iterator { Iterator(queue: queue) }

        /// Takes messages one by one.
        public struct Iterator: AsyncIteratorProtocol {
            let queue: EventQueue

            /// The next message; nil: there will be none.
            public mutating func next() async -> UpstreamMessage? {
                await queue.nextMessage()
            }
        }
    }

    /// The delivery receipts, in the order of their arrival.
    ///
    /// Ends when the app server has ended, or the iterating task is cancelled.
    public struct Receipts: AsyncSequence, Sendable {
        let stream: AsyncStream<DeliveryReceipt>

        /// Starts to take receipts.
        public func makeAsyncIterator() -> Iterator {
            Iterator(iterator: stream.makeAsyncIterator())
        }

        /// Takes receipts one by one.
        public struct Iterator: AsyncIteratorProtocol {
            var iterator: AsyncStream<DeliveryReceipt>.Iterator

            /// The next receipt; nil: there will be none.
            public mutating func next() async -> DeliveryReceipt? {
                await iterator.next(isolation: #isolation)
            }
        }
    }

    /// Everything that happens to this app server, messages included, in order.
    ///
    /// Ends when the app server has ended, or the iterating task is cancelled.
    public struct Events: AsyncSequence, Sendable {
        let queue: EventQueue

        /// Starts to take events.
        public func makeAsyncIterator() -> Iterator { Iterator(queue: queue) }

        /// Takes events one by one.
        public struct Iterator: AsyncIteratorProtocol {
            let queue: EventQueue

            /// The next event; nil: there will be none.
            public mutating func next() async -> Event? {
                await queue.next()
            }
        }
    }

    /// The events that happened since the last batch was taken, at least one: for whoever writes
    /// them down and flushes once per batch.
    public struct EventBatches: AsyncSequence, Sendable {
        let queue: EventQueue

        /// Starts to take batches.
        public func makeAsyncIterator() -> Iterator { Iterator(queue: queue) }

        /// Takes batch after batch.
        public struct Iterator: AsyncIteratorProtocol {
            let queue: EventQueue

            /// The next batch; nil: there will be none.
            public mutating func next() async -> [Event]? {
                await queue.nextBatch()
            }
        }
    }
}
