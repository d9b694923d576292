package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class SipHash24Test {
  /** Appendix A of the paper: key 00 … 0f, message 00 … 0e. */
  @Test
  void thePapersExampleComesOut() {
    byte[] bytes = new byte[16];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    byte[] message = new byte[15];
    System.arraycopy(bytes, 0, message, 0, message.length);
    assertThat(new SipHash24(bytes).hash(message)).isEqualTo(0xa129ca6149be45e5L);
  }

  @Test
  void everyLengthGivesWhatBouncyCastleGives() {
    SplittableRandom random = new SplittableRandom(24);
    for (int length = 0; length < 300; length++) {
      byte[] key = new byte[SipHash24.KEY_BYTES];
      byte[] message = new byte[length];
      random.nextBytes(key);
      random.nextBytes(message);
      SipHash oracle = new SipHash();
      oracle.init(new KeyParameter(key));
      oracle.update(message, 0, length);
      assertThat(new SipHash24(key).hash(message))
          .as("length %d", length)
          .isEqualTo(oracle.doFinal());
    }
  }

  @Test
  void aWordIsItsEightBytesLowestFirst() {
    SipHash24 hash = new SipHash24(Vectors.unhex(Vectors.NONCE));
    assertThat(hash.hash(0x0807060504030201L))
        .isEqualTo(hash.hash(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
  }
}
