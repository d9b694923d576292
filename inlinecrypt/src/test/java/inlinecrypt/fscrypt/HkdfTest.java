package inlinecrypt.fscrypt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HkdfTest {
  @Test
  void thePseudorandomKeyIsThatOfTheVector() {
    byte[] padded = new Hkdf(Vectors.masterKey()).pseudorandomKey.innerPad;
    byte[] key = new byte[64];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (padded[i] ^ 0x36);
    }
    assertThat(Vectors.hex(key)).isEqualTo(Vectors.PSEUDORANDOM_KEY);
  }

  @Test
  void theIdentifierIsThatOfXfstests() {
    assertThat(expand(Vectors.masterKey(), HkdfContext.KEY_IDENTIFIER, Hkdf.NO_INFO, 16))
        .isEqualTo(Vectors.IDENTIFIER);
  }

  @Test
  void aPrefixOfAMasterKeyHasAnUnrelatedIdentifier() {
    byte[] prefix = Arrays.copyOf(Vectors.masterKey(), 32);
    assertThat(expand(prefix, HkdfContext.KEY_IDENTIFIER, Hkdf.NO_INFO, 16))
        .isEqualTo(Vectors.IDENTIFIER_OF_FIRST_32_BYTES);
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 64})
  void shorterPerFileKeysArePrefixesOfTheVector(int lengthBytes) {
    assertThat(
            expand(
                Vectors.masterKey(),
                HkdfContext.PER_FILE_KEY,
                Vectors.unhex(Vectors.NONCE),
                lengthBytes))
        .isEqualTo(Vectors.PER_FILE_KEY.substring(0, 2 * lengthBytes));
  }

  @Test
  void thePerExtentKeyIsThatOfTheVector() {
    assertThat(
            expand(
                Vectors.masterKey(), HkdfContext.PER_EXTENT_KEY, Vectors.unhex(Vectors.NONCE), 64))
        .isEqualTo(Vectors.PER_EXTENT_KEY);
  }

  @ParameterizedTest
  @EnumSource(HkdfContext.class)
  void seededInputsGiveWhatTheIndependentDerivationGives(HkdfContext context) {
    SplittableRandom random = new SplittableRandom(20_230_628);
    for (int round = 0; round < 100; round++) {
      byte[] masterKey = new byte[random.nextInt(16, 65)];
      byte[] info = new byte[random.nextBoolean() ? 0 : 16];
      random.nextBytes(masterKey);
      random.nextBytes(info);
      int lengthBytes = random.nextInt(1, 65);
      assertThat(expand(masterKey, context, info, lengthBytes))
          .as("round %d, %d bytes of key, info %s", round, masterKey.length, Vectors.hex(info))
          .isEqualTo(
              Vectors.hex(
                  IndependentDerivation.derive(masterKey, context.number(), info, lengthBytes)));
    }
  }

  @Test
  void onePreparedKeyGivesTheSameEveryTime() {
    Hkdf hkdf = new Hkdf(Vectors.masterKey());
    byte[] identifier = new byte[16];
    byte[] key = new byte[64];
    for (int round = 0; round < 2; round++) {
      hkdf.expand(HkdfContext.PER_FILE_KEY, Vectors.unhex(Vectors.NONCE), key);
      hkdf.expand(HkdfContext.KEY_IDENTIFIER, Hkdf.NO_INFO, identifier);
      assertThat(Vectors.hex(key)).isEqualTo(Vectors.PER_FILE_KEY);
      assertThat(Vectors.hex(identifier)).isEqualTo(Vectors.IDENTIFIER);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65, 128})
  void derivedKeysHave1To64Bytes(int lengthBytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            expand(Vectors.masterKey(), HkdfContext.KEY_IDENTIFIER, Hkdf.NO_INFO, lengthBytes))
        .withMessageEndingWith("not " + lengthBytes);
  }

  @Test
  void anInfoHasAtMost17Bytes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> expand(Vectors.masterKey(), HkdfContext.PER_FILE_KEY, new byte[18], 32))
        .withMessageEndingWith("not 18");
  }

  @Test
  void theMasterKeyArrayIsLeftToItsOwner() {
    byte[] masterKey = Vectors.masterKey();
    Hkdf hkdf = new Hkdf(masterKey);
    hkdf.wipe();
    assertThat(masterKey).isEqualTo(Vectors.masterKey());
  }

  @Test
  void wipingOverwritesThePaddedKeys() {
    Hkdf hkdf = new Hkdf(Vectors.masterKey());
    hkdf.wipe();
    assertThat(hkdf.pseudorandomKey.innerPad).containsOnly(0);
    assertThat(hkdf.pseudorandomKey.outerPad).containsOnly(0);
  }

  private static String expand(byte[] masterKey, HkdfContext context, byte[] info, int length) {
    byte[] target = new byte[length];
    new Hkdf(masterKey).expand(context, info, target);
    return Vectors.hex(target);
  }
}
