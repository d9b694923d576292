package inlinecrypt.mode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The worked example of RFC 8452, appendix A: one key and message, through both functions. */
class GhashTest {
  private static final byte[] KEY = hex("25629347589242761d31f826ba4b757b");
  private static final byte[] MESSAGE =
      hex("4f4f95668c83dfb6401762bb2d01a262" + "d1a24ddd2721d006bbe45f20d3c9f362");

  @Test
  void ghashOfTheExampleComesOut() {
    Ghash ghash = new Ghash();
    ghash.key(KEY, 0);
    ghash.start();
    ghash.bytes(MESSAGE, 0, MESSAGE.length);
    assertThat(bytes(ghash.low(), ghash.high())).isEqualTo(hex("bd9b3997046731fb96251b91f9c99d7a"));
  }

  @Test
  void polyvalOfTheExampleComesOut() {
    Polyval polyval = new Polyval();
    polyval.key(Words.longAt(KEY, 0), Words.longAt(KEY, 8));
    polyval.start();
    polyval.blocks(MESSAGE, 0, MESSAGE.length);
    assertThat(bytes(polyval.low(), polyval.high()))
        .isEqualTo(hex("f7a3b47b846119fae5b7866cf5e5b77e"));
  }

  @Test
  void aPartialBlockCountsAsIfZerosFollowed() {
    byte[] padded = MESSAGE.clone();
    padded[31] = 0;
    padded[30] = 0;
    assertThat(ghashOf(MESSAGE, 30)).isEqualTo(ghashOf(padded, 32));
  }

  private static byte[] ghashOf(byte[] message, int lengthBytes) {
    Ghash ghash = new Ghash();
    ghash.key(KEY, 0);
    ghash.start();
    ghash.bytes(message, 0, lengthBytes);
    return bytes(ghash.low(), ghash.high());
  }

  private static byte[] bytes(long low, long high) {
    byte[] bytes = new byte[16];
    Words.put(bytes, 0, low);
    Words.put(bytes, 8, high);
    return bytes;
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
