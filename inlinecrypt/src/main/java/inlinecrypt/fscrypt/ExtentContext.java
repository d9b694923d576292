package inlinecrypt.fscrypt;

import inlinecrypt.Errno;

/**
 * What is stored with each extent that has a key of its own. Encoded it has 34 bytes: version 1,
 * contents mode, master key identifier, nonce ({@code struct fscrypt_extent_context}, series v6 and
 * v7). Mode and identifier repeat those of every inode that refers to the extent.
 */
public record ExtentContext(FscryptMode contentsMode, KeyIdentifier identifier, Nonce nonce) {
  public static final int SIZE_BYTES = 34;

  private static final int VERSION = 1;
  private static final int IDENTIFIER_OFFSET = 2;
  private static final int NONCE_OFFSET = 18;

  /**
   * Decodes a context. Bytes after the first 34 are ignored.
   *
   * @throws FscryptException EINVAL if there are fewer, or the version or mode is not supported
   */
  public static ExtentContext parse(byte[] encoded) {
    if (encoded.length < SIZE_BYTES) {
      throw invalid("an extent context has " + SIZE_BYTES + " bytes, not " + encoded.length);
    }
    if (encoded[0] != VERSION) {
      throw invalid("extent context version must be 1, is " + Byte.toUnsignedInt(encoded[0]));
    }
    return new ExtentContext(
        FscryptMode.of(Byte.toUnsignedInt(encoded[1])),
        KeyIdentifier.read(encoded, IDENTIFIER_OFFSET),
        Nonce.read(encoded, NONCE_OFFSET));
  }

  public byte[] encode() {
    byte[] encoded = new byte[SIZE_BYTES];
    encoded[0] = VERSION;
    encoded[1] = (byte) contentsMode.number();
    identifier.write(encoded, IDENTIFIER_OFFSET);
    nonce.write(encoded, NONCE_OFFSET);
    return encoded;
  }

  /**
   * Checks that an inode with {@code policy} may refer to this extent. A filesystem can ask before
   * it shares an extent, without any key.
   *
   * @throws FscryptException EINVAL if the identifier or the contents mode is another
   */
  public void requireMatch(FscryptPolicy policy) {
    if (!identifier.equals(policy.identifier())) {
      throw invalid(
          "the extent's master key " + identifier + " is not the inode's " + policy.identifier());
    }
    if (contentsMode != policy.contentsMode()) {
      throw invalid(
          "the extent's contents mode "
              + contentsMode.number()
              + " is not the inode's "
              + policy.contentsMode().number());
    }
  }

  private static FscryptException invalid(String message) {
    return new FscryptException(Errno.EINVAL, message);
  }
}
