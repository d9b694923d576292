package inlinecrypt.fscrypt;

import inlinecrypt.Errno;

/**
 * What is stored with each encrypted inode: its policy and its nonce. Encoded it has 40 bytes, the
 * policy's 24 and then the nonce ({@code struct fscrypt_context_v2}).
 */
public record FscryptContext(FscryptPolicy policy, Nonce nonce) {
  public static final int SIZE_BYTES = FscryptPolicy.SIZE_BYTES + Nonce.SIZE_BYTES;

  /**
   * Decodes a context.
   *
   * @throws FscryptException EINVAL if the length is not 40 or the policy is invalid or not
   *     supported
   */
  public static FscryptContext parse(byte[] encoded) {
    if (encoded.length != SIZE_BYTES) {
      throw new FscryptException(
          Errno.EINVAL, "a v2 context has " + SIZE_BYTES + " bytes, not " + encoded.length);
    }
    return new FscryptContext(
        FscryptPolicy.read(encoded), Nonce.read(encoded, FscryptPolicy.SIZE_BYTES));
  }

  public byte[] encode() {
    byte[] encoded = new byte[SIZE_BYTES];
    policy.write(encoded);
    nonce.write(encoded, FscryptPolicy.SIZE_BYTES);
    return encoded;
  }
}
