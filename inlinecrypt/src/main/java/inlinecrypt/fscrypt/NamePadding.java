package inlinecrypt.fscrypt;

/**
 * How long a name or symlink target is once it is encrypted. Zeros fill it up, which hides some of
 * its length; decryption drops them.
 *
 * <p>Source: {@code __fscrypt_fname_encrypted_size}.
 */
public final class NamePadding {
  /** The longest name ({@code NAME_MAX}). */
  public static final int MAX_NAME_BYTES = 255;

  /** The longest symlink target: with its length and a zero it fills a block of 4096 bytes. */
  public static final int MAX_SYMLINK_BYTES = 4093;

  /** No name encrypts to less: it is one block of a cipher. */
  public static final int MIN_PADDED_BYTES = 16;

  private NamePadding() {}

  /**
   * The length that {@code lengthBytes} bytes are padded to: a multiple of {@code paddingBytes},
   * but at least 16 and at most {@code maxBytes}.
   *
   * @param paddingBytes a power of two
   * @throws IllegalArgumentException if the length is negative or above {@code maxBytes}, {@code
   *     maxBytes} below 16, or the padding no power of two
   */
  public static int paddedBytes(int lengthBytes, int paddingBytes, int maxBytes) {
    if (paddingBytes < 1 || Integer.bitCount(paddingBytes) != 1) {
      throw new IllegalArgumentException("padding must be a power of two, is " + paddingBytes);
    }
    if (maxBytes < MIN_PADDED_BYTES || lengthBytes < 0 || lengthBytes > maxBytes) {
      throw new IllegalArgumentException(
          lengthBytes + " bytes cannot be padded to from 16 to " + maxBytes);
    }
    long least = Math.max(lengthBytes, MIN_PADDED_BYTES);
    long padded = least + paddingBytes - 1 & -paddingBytes;
    return (int) Math.min(padded, maxBytes);
  }
}
