package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import inlinecrypt.AeadMode;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMSIVBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our compositions against Bouncy Castle's own GCM and GCM-SIV, which allocate. */
class BouncyCastleAeadAgreementTest {
  private static final int MAX_BYTES = 9000; // more than two chunks

  @ParameterizedTest
  @EnumSource(AeadMode.class)
  void anyMessageIsSealedAsBouncyCastleItselfWould(AeadMode mode)
      throws InvalidCipherTextException {
    Random random = new Random(0x8452);
    for (int message = 0; message < 100; message++) {
      byte[] key = bytes(random, AeadMode.KEY_BYTES);
      byte[] nonce = bytes(random, AeadMode.NONCE_BYTES);
      byte[] associatedData = bytes(random, random.nextInt(message % 10 == 0 ? MAX_BYTES : 50));
      byte[] plaintext = bytes(random, random.nextInt(message % 4 == 0 ? MAX_BYTES : 100));
      byte[] expected = seal(mode, key, nonce, associatedData, plaintext);
      byte[] sealed = plaintext.clone();
      byte[] tag = new byte[AeadMode.TAG_BYTES];
      MemorySegment segment = MemorySegment.ofArray(sealed);
      try (AeadCipher cipher = prepare(mode, key)) {
        cipher.seal(
            MemorySegment.ofArray(nonce),
            MemorySegment.ofArray(associatedData),
            segment,
            segment,
            MemorySegment.ofArray(tag));
        assertThat(sealed).isEqualTo(Arrays.copyOf(expected, sealed.length));
        assertThat(tag).isEqualTo(Arrays.copyOfRange(expected, sealed.length, expected.length));
        boolean authentic =
            cipher.open(
                MemorySegment.ofArray(nonce),
                MemorySegment.ofArray(associatedData),
                segment,
                segment,
                MemorySegment.ofArray(tag));
        assertThat(authentic).isTrue();
        assertThat(sealed).isEqualTo(plaintext);
      }
    }
  }

  private static AeadCipher prepare(AeadMode mode, byte[] key) {
    return CipherEngine.named("bouncycastle").prepareAead(mode, MemorySegment.ofArray(key));
  }

  private static byte[] seal(
      AeadMode mode, byte[] key, byte[] nonce, byte[] associatedData, byte[] plaintext)
      throws InvalidCipherTextException {
    AEADCipher cipher =
        switch (mode) {
          case AES_256_GCM -> GCMBlockCipher.newInstance(AESEngine.newInstance());
          case AES_256_GCM_SIV -> new GCMSIVBlockCipher();
        };
    int tagBits = 8 * AeadMode.TAG_BYTES;
    cipher.init(true, new AEADParameters(new KeyParameter(key), tagBits, nonce, associatedData));
    byte[] sealed = new byte[plaintext.length + AeadMode.TAG_BYTES];
    int written = cipher.processBytes(plaintext, 0, plaintext.length, sealed, 0);
    cipher.doFinal(sealed, written);
    return sealed;
  }

  private static byte[] bytes(Random random, int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    random.nextBytes(bytes);
    return bytes;
  }
}
