package inlinecrypt.fscrypt;

import inlinecrypt.CryptoMode;
import inlinecrypt.Errno;

/**
 * A v2 encryption policy: which modes, flags and master key apply to a directory tree.
 *
 * <p>Supported is AES-256-XTS for contents with AES-256-CBC-CTS for names. The names mode is stored
 * and checked, but names stay in the clear for now. Encoded it has 24 bytes: version 2, contents
 * mode, names mode, flags, log2 of the data unit size, three zero bytes, identifier ({@code struct
 * fscrypt_policy_v2}).
 *
 * @param flags how names are padded, {@code FSCRYPT_POLICY_FLAGS_PAD_*}, from 0 to 3; all other
 *     flags are refused
 * @param log2DataUnitSize 0 for the filesystem's block size, or at least 9
 */
public record FscryptPolicy(
    FscryptMode contentsMode,
    FscryptMode filenamesMode,
    int flags,
    int log2DataUnitSize,
    KeyIdentifier identifier) {
  public static final int SIZE_BYTES = 24;

  static final int VERSION = 2;

  private static final int PAD_FLAGS = 0x03;
  private static final int LOG2_SECTOR_SIZE = 9; // The kernel's SECTOR_SHIFT.
  private static final int RESERVED_OFFSET = 5;
  private static final int IDENTIFIER_OFFSET = 8;

  /**
   * Checks what can be checked without the filesystem.
   *
   * @throws FscryptException EINVAL, with the field and its value
   */
  public FscryptPolicy {
    if (contentsMode != FscryptMode.AES_256_XTS || filenamesMode != FscryptMode.AES_256_CBC_CTS) {
      throw invalid(
          "contents mode "
              + contentsMode.number()
              + " with filenames mode "
              + filenamesMode.number()
              + " is not supported");
    }
    if ((flags & ~PAD_FLAGS) != 0) {
      throw invalid("policy flags 0x%02x are not supported".formatted(flags & ~PAD_FLAGS));
    }
    if (log2DataUnitSize != 0
        && (log2DataUnitSize < LOG2_SECTOR_SIZE || log2DataUnitSize >= Integer.SIZE - 1)) {
      throw invalid("log2 data unit size " + log2DataUnitSize + " is neither 0 nor from 9 to 30");
    }
  }

  /** AES-256-XTS contents in data units of one filesystem block, names padded to 32 bytes. */
  public static FscryptPolicy aes256Xts(KeyIdentifier identifier) {
    return new FscryptPolicy(
        FscryptMode.AES_256_XTS, FscryptMode.AES_256_CBC_CTS, PAD_FLAGS, 0, identifier);
  }

  /**
   * Decodes a policy.
   *
   * @throws FscryptException EINVAL if the length is not 24 or a field is invalid or not supported
   */
  public static FscryptPolicy parse(byte[] encoded) {
    if (encoded.length != SIZE_BYTES) {
      throw invalid("a v2 policy has " + SIZE_BYTES + " bytes, not " + encoded.length);
    }
    return read(encoded);
  }

  public byte[] encode() {
    byte[] encoded = new byte[SIZE_BYTES];
    write(encoded);
    return encoded;
  }

  /** The cipher mode of contents. */
  public CryptoMode contentsCryptoMode() {
    return CryptoMode.AES_256_XTS; // The constructor refuses all others.
  }

  /**
   * Bytes of a contents data unit on a filesystem with this block size.
   *
   * @throws FscryptException EINVAL if the policy's data unit is larger than a block
   */
  public int dataUnitSizeBytes(int blockSizeBytes) {
    if (log2DataUnitSize == 0) {
      return blockSizeBytes;
    }
    int dataUnitSizeBytes = 1 << log2DataUnitSize;
    if (dataUnitSizeBytes > blockSizeBytes) {
      throw invalid(
          "log2 data unit size "
              + log2DataUnitSize
              + " exceeds the block size of "
              + blockSizeBytes
              + " bytes");
    }
    return dataUnitSizeBytes;
  }

  /** Reads a policy from the start of {@code source}, which has at least 24 bytes. */
  static FscryptPolicy read(byte[] source) {
    if (source[0] != VERSION) {
      throw invalid("version " + Byte.toUnsignedInt(source[0]) + " is not supported, only v2 is");
    }
    for (int offset = RESERVED_OFFSET; offset < IDENTIFIER_OFFSET; offset++) {
      if (source[offset] != 0) {
        throw invalid(
            "reserved byte " + offset + " must be 0, is " + Byte.toUnsignedInt(source[offset]));
      }
    }
    return new FscryptPolicy(
        FscryptMode.of(Byte.toUnsignedInt(source[1])),
        FscryptMode.of(Byte.toUnsignedInt(source[2])),
        Byte.toUnsignedInt(source[3]),
        Byte.toUnsignedInt(source[4]),
        KeyIdentifier.read(source, IDENTIFIER_OFFSET));
  }

  /** Writes this policy to the start of {@code target}, whose reserved bytes are zero already. */
  void write(byte[] target) {
    target[0] = VERSION;
    target[1] = (byte) contentsMode.number();
    target[2] = (byte) filenamesMode.number();
    target[3] = (byte) flags;
    target[4] = (byte) log2DataUnitSize;
    identifier.write(target, IDENTIFIER_OFFSET);
  }

  private static FscryptException invalid(String message) {
    return new FscryptException(Errno.EINVAL, message);
  }
}
