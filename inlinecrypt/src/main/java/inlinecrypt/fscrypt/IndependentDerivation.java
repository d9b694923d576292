package inlinecrypt.fscrypt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * The oracle for key derivation: fscrypt's HKDF on Bouncy Castle, sharing no code with the rest of
 * this package. Tests and predictions of what must be on a medium use it; a filesystem does not.
 */
public final class IndependentDerivation {
  private static final byte[] PREFIX = "fscrypt\0".getBytes(StandardCharsets.US_ASCII);

  private IndependentDerivation() {}

  /**
   * Derives {@code lengthBytes} bytes from a raw master key.
   *
   * @param context the context byte: 1 key identifier, 2 per-file key, 9 per-extent key
   * @param info the nonce for contexts 2 and 9, empty for 1
   */
  public static byte[] derive(byte[] masterKey, int context, byte[] info, int lengthBytes) {
    byte[] fullInfo = Arrays.copyOf(PREFIX, PREFIX.length + 1 + info.length);
    fullInfo[PREFIX.length] = (byte) context;
    System.arraycopy(info, 0, fullInfo, PREFIX.length + 1, info.length);
    HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA512Digest());
    generator.init(new HKDFParameters(masterKey, null, fullInfo));
    byte[] derived = new byte[lengthBytes];
    generator.generateBytes(derived, 0, lengthBytes);
    return derived;
  }
}
