package inlinecrypt.wrapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AesKeyWrapTest {
  // RFC 3394, section 4.6: 256 bits of key data with a 256-bit KEK.
  private static final byte[] KEK =
      hex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F");
  private static final byte[] KEY =
      hex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F");
  private static final byte[] WRAPPED =
      hex("28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21");

  @Test
  void aKeyIsWrappedAsTheRfcSays() {
    assertThat(AesKeyWrap.wrap(KEK, KEY)).isEqualTo(WRAPPED);
  }

  @Test
  void aWrappedKeyOpensUnderItsKek() {
    assertThat(AesKeyWrap.unwrap(KEK, WRAPPED)).isEqualTo(KEY);
  }

  @Test
  void everyFlippedBitIsNoticed() {
    for (int bit = 0; bit < WRAPPED.length * 8; bit++) {
      byte[] changed = WRAPPED.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(AesKeyWrap.unwrap(KEK, changed)).as("bit %d", bit).isNull();
    }
  }

  @Test
  void anotherKekDoesNotOpenIt() {
    byte[] other = KEK.clone();
    other[0] ^= 1;
    assertThat(AesKeyWrap.unwrap(other, WRAPPED)).isNull();
  }

  @Test
  void whatIsTooShortOrNoMultipleOfEightDoesNotOpen() {
    for (int length : new int[] {0, 8, 16, 23, 25, 39}) {
      assertThat(AesKeyWrap.unwrap(KEK, new byte[length])).as("%d bytes", length).isNull();
    }
  }

  @Test
  void keysOfAnotherLengthAreACallersMistake() {
    assertThatThrownBy(() -> AesKeyWrap.wrap(new byte[16], KEY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16");
    assertThatThrownBy(() -> AesKeyWrap.wrap(KEK, new byte[12]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("12");
  }

  @Test
  void nothingThatWasGivenIsChanged() {
    byte[] kek = KEK.clone();
    byte[] key = KEY.clone();
    AesKeyWrap.wrap(kek, key);
    AesKeyWrap.unwrap(kek, WRAPPED);
    assertThat(kek).isEqualTo(KEK);
    assertThat(key).isEqualTo(KEY);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
