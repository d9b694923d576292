package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class BouncyCastlePolyvalTest {
  // RFC 8452, appendix A.
  private static final byte[] H = hex("25629347589242761d31f826ba4b757b");
  private static final byte[] MESSAGE =
      hex("4f4f95668c83dfb6401762bb2d01a262d1a24ddd2721d006bbe45f20d3c9f362");
  private static final long HASH_LOW = Long.reverseBytes(0xf7a3b47b846119faL);
  private static final long HASH_HIGH = Long.reverseBytes(0xe5b7866cf5e5b77eL);

  private final BouncyCastlePolyval polyval = new BouncyCastlePolyval();

  @Test
  void theExampleOfTheRfcComesOut() {
    polyval.start(H);
    polyval.update(MESSAGE, 0, MESSAGE.length);
    assertHash(HASH_LOW, HASH_HIGH);
  }

  @Test
  void aHashGoesOnWhereItWasLeft() {
    polyval.start(H);
    polyval.update(MESSAGE, 0, 16);
    long low = polyval.low();
    long high = polyval.high();
    polyval.update(1, 2);
    polyval.resume(low, high);
    polyval.update(MESSAGE, 16, 16);
    assertHash(HASH_LOW, HASH_HIGH);
  }

  @Test
  void theLastBlockIsFilledUpWithZeros() {
    byte[] padded = new byte[32];
    System.arraycopy(MESSAGE, 0, padded, 0, 21);
    polyval.start(H);
    polyval.update(padded, 0, 32);
    long low = polyval.low();
    long high = polyval.high();
    polyval.start(H);
    polyval.update(MESSAGE, 0, 21);
    assertHash(low, high);
  }

  private void assertHash(long low, long high) {
    assertThat(polyval.low()).isEqualTo(low);
    assertThat(polyval.high()).isEqualTo(high);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
