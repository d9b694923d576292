package inlinecrypt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The rules of {@code block/blk-crypto.c} for advancing and joining contexts. */
class CryptoContextTest {
  private static final CryptoKey KEY = key(1);
  private static final CryptoKey EQUAL_KEY = key(1);

  @Test
  void aContextIsEmptyUntilItIsSetAndAfterItIsCleared() {
    CryptoContext context = new CryptoContext();
    assertThat(context.isEmpty()).isTrue();
    context.set(KEY, 7);
    assertThat(context.isEmpty()).isFalse();
    assertThat(context.key()).isSameAs(KEY);
    context.clear();
    assertThat(context.isEmpty()).isTrue();
    assertThat(context.dun()).isEqualTo(DataUnitNumber.of(0));
  }

  @Test
  void advancingCountsWholeDataUnitsAndLosesThePartOfOne() {
    CryptoContext context = of(KEY, 10, 0, 0, 0);
    context.advance(6144);
    assertThat(context.dun()).isEqualTo(DataUnitNumber.of(11));
  }

  @Test
  void advancingCarriesThroughAllLimbsAndWrapsAt256Bits() {
    CryptoContext context = of(KEY, -2, 5, 0, 0);
    context.advance(3 * 4096);
    assertThat(context.dun()).isEqualTo(new DataUnitNumber(1, 6, 0, 0));

    CryptoContext last = of(KEY, -1, -1, -1, -1);
    last.advance(4096);
    assertThat(last.dun()).isEqualTo(DataUnitNumber.of(0));
  }

  @Test
  void anEmptyContextDoesNotAdvance() {
    CryptoContext context = new CryptoContext();
    context.advance(4096);
    assertThat(context.dun()).isEqualTo(DataUnitNumber.of(0));
  }

  @Test
  void aCopyAdvancesAlone() {
    CryptoContext original = of(KEY, 1, 2, 3, 4);
    CryptoContext copy = new CryptoContext();
    copy.copyFrom(original);
    copy.advance(8192);
    assertThat(copy.dun()).isEqualTo(new DataUnitNumber(3, 2, 3, 4));
    assertThat(original.dun()).isEqualTo(new DataUnitNumber(1, 2, 3, 4));
  }

  @Test
  void theNextContextContinuesIfItsNumberIsTheOneAfterTheBytes() {
    CryptoContext context = of(KEY, 10, 0, 0, 0);
    assertThat(context.continuesInto(of(KEY, 12, 0, 0, 0), 8192)).isTrue();
    assertThat(context.continuesInto(of(KEY, 11, 0, 0, 0), 8192)).isFalse();
    assertThat(context.continuesInto(of(KEY, 12, 1, 0, 0), 8192)).isFalse();
    assertThat(context.continuesInto(of(KEY, 12, 0, 1, 0), 8192)).isFalse();
    assertThat(context.continuesInto(of(KEY, 12, 0, 0, 1), 8192)).isFalse();
  }

  @Test
  void afterNoBytesOnlyTheSameNumberContinues() {
    CryptoContext context = of(KEY, 10, 0, 0, 0);
    assertThat(context.continuesInto(of(KEY, 10, 0, 0, 0), 0)).isTrue();
    assertThat(context.continuesInto(of(KEY, 11, 0, 0, 0), 0)).isFalse();
  }

  @Test
  void aCarryIntoTheNextLimbContinues() {
    assertThat(of(KEY, -1, 0, 0, 0).continuesInto(of(KEY, 0, 1, 0, 0), 4096)).isTrue();
    assertThat(of(KEY, -1, -1, -1, 0).continuesInto(of(KEY, 0, 0, 0, 1), 4096)).isTrue();
  }

  @Test
  void aWrapAt256BitsDoesNotContinue() {
    assertThat(of(KEY, -1, -1, -1, -1).continuesInto(of(KEY, 0, 0, 0, 0), 4096)).isFalse();
  }

  @Test
  void aNumberThatWrapsAt32BitsDoesNotContinue() {
    CryptoContext context = of(KEY, 0xFFFF_FFFFL, 0, 0, 0);
    assertThat(context.continuesInto(of(KEY, 1L << 32, 0, 0, 0), 4096)).isTrue();
    assertThat(context.continuesInto(of(KEY, 0, 0, 0, 0), 4096)).isFalse();
  }

  @Test
  void keysAreComparedByIdentity() {
    CryptoContext context = of(KEY, 0, 0, 0, 0);
    assertThat(context.continuesInto(of(EQUAL_KEY, 1, 0, 0, 0), 4096)).isFalse();
  }

  @Test
  void plainContinuesIntoPlainOnly() {
    CryptoContext plain = new CryptoContext();
    assertThat(plain.continuesInto(new CryptoContext(), 4096)).isTrue();
    assertThat(plain.continuesInto(of(KEY, 0, 0, 0, 0), 4096)).isFalse();
    assertThat(of(KEY, 0, 0, 0, 0).continuesInto(plain, 4096)).isFalse();
  }

  @Test
  void aNumberWiderThanTheKeySaysIsNoError() {
    CryptoContext context = of(KEY, -1, 0, 0, 0); // the key says 8 bytes
    context.advance(4096);
    assertThat(context.dun()).isEqualTo(new DataUnitNumber(0, 1, 0, 0));
  }

  private static CryptoContext of(CryptoKey key, long dun0, long dun1, long dun2, long dun3) {
    CryptoContext context = new CryptoContext();
    context.set(key, dun0, dun1, dun2, dun3);
    return context;
  }

  private static CryptoKey key(int number) {
    byte[] raw = new byte[64];
    raw[0] = (byte) number;
    return new CryptoKey(new CryptoConfig(CryptoMode.AES_256_XTS, 4096, 8), raw);
  }
}
