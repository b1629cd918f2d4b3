/// The elements of stream management (XEP-0198) that acknowledge stanzas; none that resume streams.
package enum StreamManagement: Equatable, Sendable {
    /// A client turns acknowledgements on.
    case enable
    /// The server agrees.
    case enabled
    /// The server does not agree.
    case failed(StanzaError.Condition)
    /// "How many stanzas have you handled?"
    case request
    /// "So many."
    case answer(handled: UInt32)

    /// Reads an element; `nil` when it is none of these, or has no usable `h`.
    package init?(_ element: Element) {
        guard element.namespace.hasSameBytes(as: Namespace.streamManagement) else { return nil }
        switch element.name {
        case "enable": self = .enable
        case "enabled": self = .enabled
        case "failed":
            let condition = element.children.lazy.compactMap {
                StanzaError.Condition(rawValue: $0.name)
            }.first
            self = .failed(condition ?? .undefinedCondition)
        case "r": self = .request
        case "a":
            guard let handled = element[attribute: "h"].flatMap({ UInt32($0) }) else { return nil }
            self = .answer(handled: handled)
        default: return nil
        }
    }

    /// The element to send.
    package var element: Element {
        let namespace = Namespace.streamManagement
        return switch self {
        case .enable: Element("enable", namespace: namespace)
        case .enabled: Element("enabled", namespace: namespace)
        case .failed(let condition):
            Element(
                "failed", namespace: namespace,
                children: [Element(condition.rawValue, namespace: Namespace.stanzaErrors)])
        case .request: Element("r", namespace: namespace)
        case .answer(let handled):
            Element("a", namespace: namespace, attributes: [Attribute("h", String(handled))])
        }
    }

    /// The stream error for a peer that acknowledges stanzas it was never sent (XEP-0198 §4).
    package static func handledCountTooHigh(handled: UInt32, sent: UInt32) -> StreamError {
        StreamError(
            .undefinedCondition,
            applicationCondition: Element(
                "handled-count-too-high", namespace: Namespace.streamManagement,
                attributes: [
                    Attribute("h", String(handled)), Attribute("send-count", String(sent)),
                ]))
    }
}
