package bench.crypt;

import inlinecrypt.fscrypt.Nonce;
import java.util.HexFormat;
import java.util.UUID;

/** Reads what {@code fscrypt-crypt-util} takes in hexadecimal. Errors never repeat the digits. */
public final class Hex {
  /** The most bytes a master key has. */
  public static final int MAX_KEY_BYTES = 64;

  private static final int LONG_DIGITS = 2 * Long.BYTES;

  private Hex() {}

  /**
   * The bytes.
   *
   * @param what how an error calls them
   * @throws IllegalArgumentException if it is not pairs of hexadecimal digits
   */
  static byte[] bytes(String what, String digits) {
    if (digits.length() % 2 != 0) {
      throw new IllegalArgumentException(
          what + " has an odd number of hexadecimal digits: " + digits.length());
    }
    for (int i = 0; i < digits.length(); i++) {
      if (!HexFormat.isHexDigit(digits.charAt(i))) {
        throw new IllegalArgumentException(what + " is not hexadecimal at digit " + (i + 1));
      }
    }
    return HexFormat.of().parseHex(digits);
  }

  /**
   * A master key, which the caller wipes.
   *
   * @throws IllegalArgumentException if it is not hexadecimal, empty, or longer than 64 bytes
   */
  public static byte[] masterKey(String digits) {
    byte[] key = bytes("the master key", digits);
    if (key.length < 1 || key.length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "the master key must have from 1 to " + MAX_KEY_BYTES + " bytes, has " + key.length);
    }
    return key;
  }

  /**
   * A nonce of 32 digits.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Nonce nonce(String digits) {
    return Nonce.read(sixteen("the file nonce", digits), 0);
  }

  /**
   * A UUID of 32 digits in the order of the bytes, without dashes.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static UUID uuid(String digits) {
    sixteen("the filesystem UUID", digits);
    return new UUID(
        HexFormat.fromHexDigitsToLong(digits, 0, LONG_DIGITS),
        HexFormat.fromHexDigitsToLong(digits, LONG_DIGITS, 2 * LONG_DIGITS));
  }

  private static byte[] sixteen(String what, String digits) {
    byte[] bytes = bytes(what, digits);
    if (digits.length() != 2 * LONG_DIGITS) {
      throw new IllegalArgumentException(
          what + " must have 32 hexadecimal digits, has " + digits.length());
    }
    return bytes;
  }
}
