internal import COpenSSL

/// OpenSSL's growing byte buffer, for reading and writing PEM texts.
struct MemoryBIO: ~Copyable {
    let handle: OpaquePointer

    init(_ bytes: [UInt8] = []) {
        handle = Self.make()
        if !bytes.isEmpty {
            BIO_write(handle, bytes, Int32(bytes.count))
        }
    }

    deinit {
        BIO_free(handle)
    }

    /// A buffer that says "try again", not "end of file", when it is empty. The caller owns it.
    static func make() -> OpaquePointer {
        guard let bio = BIO_new(BIO_s_mem()) else {
            preconditionFailure("OpenSSL is out of memory")
        }
        shim_BIO_set_mem_eof_return(bio, -1)
        return bio
    }

    /// Takes everything out.
    func contents() -> [UInt8] {
        let count = BIO_ctrl_pending(handle)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, taken in
            taken = max(0, Int(BIO_read(handle, buffer.baseAddress, Int32(count))))
        }
    }
}
