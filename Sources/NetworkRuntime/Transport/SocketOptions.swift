package import NIOCore
import NIOPosix

/// What every connection of ours sets on its socket (design decision 12).
package enum SocketOptions {
    /// A peer that acknowledges nothing for so long is dead, in milliseconds.
    private static let userTimeout = 30_000
    /// `TCP_USER_TIMEOUT` (RFC 5482; Linux).
    private static let tcpUserTimeout = NIOBSDSocket.Option(rawValue: 18)

    /// Above this much unsent output a connection gets nothing new, below the lower mark it does.
    static let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
        low: 64 * 1024, high: 256 * 1024)

    package static func set(on channel: any Channel) throws {
        let options = channel.syncOptions
        try options?.setOption(.socketOption(.so_keepalive), value: 1)
        try options?.setOption(.tcpOption(.tcp_nodelay), value: 1)
        try options?.setOption(.tcpOption(tcpUserTimeout), value: userTimeout)
        try options?.setOption(.writeBufferWaterMark, value: waterMark)
    }
}
