package inlinecrypt.wrapped;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * What inline-encryption hardware derives from a hardware-wrapped key once it has unwrapped it: the
 * key that goes into a keyslot, which software never sees, and the software secret that takes the
 * place of the master key in all other derivations.
 *
 * <p>NIST SP 800-108r1 section 4.1, counter mode with AES-256-CMAC: block i, from 1, is the code of
 * {@code BE32(i) ‖ label ‖ 00 ‖ context ‖ BE32(output bits)}. Label and contexts are those of the
 * Qualcomm SM8650, as xfstests' {@code fscrypt-crypt-util} has them since commit a18fe0c1.
 *
 * <p>Bouncy Castle's generator of this form would keep copies of the raw key; its CMAC keeps
 * nothing once it has had another key and another message.
 */
public final class WrappedKeyDerivation {
  public static final int RAW_KEY_BYTES = 32;
  public static final int INLINE_KEY_BYTES = 64;
  public static final int SOFTWARE_SECRET_BYTES = 32;

  private static final byte[] LABEL = HexFormat.of().parseHex("0000400000000000000020");
  private static final byte[] INLINE_KEY_CONTEXT =
      context("inline encryption key", "000000000000" + "0243008250" + "00000000");
  private static final byte[] SOFTWARE_SECRET_CONTEXT =
      context("raw secret", "000000000000000000" + "0217008050" + "00000000");

  private WrappedKeyDerivation() {}

  /**
   * Fills {@code target}, of 64 bytes, with the inline encryption key, for AES-256-XTS.
   *
   * @throws IllegalArgumentException if the raw key has not 32 bytes, or the target not 64
   */
  public static void inlineKey(byte[] rawKey, byte[] target) {
    if (target.length != INLINE_KEY_BYTES) {
      throw new IllegalArgumentException(
          "an inline encryption key has " + INLINE_KEY_BYTES + " bytes, not " + target.length);
    }
    derive(rawKey, INLINE_KEY_CONTEXT, target);
  }

  /**
   * Fills {@code target}, of 32 bytes, with the software secret.
   *
   * @throws IllegalArgumentException if the raw key has not 32 bytes, or the target not 32
   */
  public static void softwareSecret(byte[] rawKey, byte[] target) {
    if (target.length != SOFTWARE_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "a software secret has " + SOFTWARE_SECRET_BYTES + " bytes, not " + target.length);
    }
    derive(rawKey, SOFTWARE_SECRET_CONTEXT, target);
  }

  static void derive(byte[] rawKey, byte[] context, byte[] target) {
    if (rawKey.length != RAW_KEY_BYTES) {
      throw new IllegalArgumentException(
          "hardware-wrapped keys have " + RAW_KEY_BYTES + " raw bytes, not " + rawKey.length);
    }
    ByteBuffer message =
        ByteBuffer.allocate(2 * Integer.BYTES + LABEL.length + 1 + context.length)
            .putInt(0)
            .put(LABEL)
            .put((byte) 0)
            .put(context)
            .putInt(target.length * Byte.SIZE);
    CMac code = new CMac(AESEngine.newInstance());
    KeyParameter parameter = new KeyParameter(rawKey);
    try {
      code.init(parameter);
      for (int at = 0; at < target.length; at += code.getMacSize()) {
        message.putInt(0, at / code.getMacSize() + 1);
        code.update(message.array(), 0, message.capacity());
        code.doFinal(target, at);
      }
    } finally {
      Arrays.fill(parameter.getKey(), (byte) 0); // getKey gives the parameter's own array
      code.init(parameter); // AES clears its key schedule for that of zeros
      code.doFinal(new byte[code.getMacSize()], 0); // else it keeps the last block that it made
    }
  }

  static byte[] context(String text, String hex) {
    byte[] context =
        Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), text.length() + hex.length() / 2);
    byte[] tail = HexFormat.of().parseHex(hex);
    System.arraycopy(tail, 0, context, text.length(), tail.length);
    return context;
  }
}
