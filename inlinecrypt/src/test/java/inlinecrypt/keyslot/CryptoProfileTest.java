package inlinecrypt.keyslot;

import static inlinecrypt.CryptoMode.ADIANTUM;
import static inlinecrypt.CryptoMode.AES_256_XTS;
import static inlinecrypt.KeyType.HARDWARE_WRAPPED;
import static inlinecrypt.KeyType.RAW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inlinecrypt.CryptoConfig;
import inlinecrypt.KeyType;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device supports, and the algebra of {@code block/blk-crypto-profile.c}. */
class CryptoProfileTest {
  private static final CryptoConfig XTS = new CryptoConfig(AES_256_XTS, 4096, 8);
  private static final CryptoProfile UFS = new CryptoProfile(32, 8, Map.of(AES_256_XTS, 0x1200));

  @Test
  void theDataUnitSizesInTheModesMaskAreSupported() {
    CryptoProfile profile = new CryptoProfile(1, 8, Map.of(AES_256_XTS, 0x1000));
    assertThat(profile.supports(new CryptoConfig(AES_256_XTS, 512, 8))).isFalse();
    assertThat(profile.supports(new CryptoConfig(AES_256_XTS, 4096, 8))).isTrue();
    assertThat(profile.supports(new CryptoConfig(ADIANTUM, 4096, 8))).isFalse();
  }

  @Test
  void dataUnitNumbersAsWideAsTheDevicesAreSupported() {
    assertThat(UFS.supports(new CryptoConfig(AES_256_XTS, 4096, 9))).isFalse();
    assertThat(UFS.supports(new CryptoConfig(AES_256_XTS, 4096, 8))).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aDeviceThatNamesNoKeyTypeSupportsNothing(KeyType type) {
    assertThat(UFS.withKeyTypes(Set.of()).supports(XTS.withKeyType(type))).isFalse();
  }

  @Test
  void aDeviceTakesRawKeysUnlessItSaysOtherwise() {
    CryptoConfig wrapped = XTS.withKeyType(HARDWARE_WRAPPED);
    assertThat(UFS.supports(XTS)).isTrue();
    assertThat(UFS.supports(wrapped)).isFalse();

    CryptoProfile wrappedOnly = UFS.withKeyTypes(Set.of(HARDWARE_WRAPPED));
    assertThat(wrappedOnly.supports(XTS)).isFalse();
    assertThat(wrappedOnly.supports(wrapped)).isTrue();
    assertThat(wrappedOnly.slotCount()).isEqualTo(32);
  }

  @Test
  void aKeyThatHardwareMustNotUseIsNotSupported() {
    assertThat(UFS.supports(XTS.withAllowHardware(false))).isFalse();
    assertThat(CryptoProfile.all().supports(XTS.withAllowHardware(false))).isFalse();
  }

  @Test
  void aDeviceWithoutModesSupportsNothing() {
    assertThat(CryptoProfile.none().hasModes()).isFalse();
    assertThat(CryptoProfile.none().supports(XTS)).isFalse();
    assertThat(new CryptoProfile(0, 32, Map.of()).hasModes()).isFalse();
    assertThat(UFS.hasModes()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 33, -1})
  void aDeviceHasDataUnitNumbersOf1To32Bytes(int dunBytes) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CryptoProfile(1, dunBytes, Map.of(AES_256_XTS, 4096)))
        .withMessageContaining("is " + dunBytes);
  }

  @Test
  void aNegativeSlotCountIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CryptoProfile(-1, 8, Map.of(AES_256_XTS, 4096)))
        .withMessageContaining("is -1");
  }

  @Test
  void theIntersectionIsWhatBothCanDo() {
    CryptoProfile emmc =
        new CryptoProfile(64, 4, Map.of(AES_256_XTS, 0x1000, ADIANTUM, 0x1000))
            .withKeyTypes(EnumSet.allOf(KeyType.class));

    CryptoProfile both = CryptoProfile.all().intersect(UFS).intersect(emmc);
    assertThat(both.dataUnitSizeMask(AES_256_XTS)).isEqualTo(0x1000);
    assertThat(both.dataUnitSizeMask(ADIANTUM)).isZero();
    assertThat(both.maxDunBytes()).isEqualTo(4);
    assertThat(both.takes(RAW)).isTrue();
    assertThat(both.takes(HARDWARE_WRAPPED)).isFalse();
    assertThat(both.slotCount()).isZero();
    assertThat(UFS.dataUnitSizeMask(AES_256_XTS)).as("unchanged").isEqualTo(0x1200);
  }

  @Test
  void theIntersectionWithADeviceThatCannotEncryptIsNothing() {
    CryptoProfile nothing = UFS.intersect(CryptoProfile.none());
    assertThat(nothing.hasModes()).isFalse();
    assertThat(nothing.maxDunBytes()).isZero();
    assertThat(nothing.takes(RAW)).isFalse();
  }

  @Test
  void theIntersectionWithADeviceThatNumbersByAddressIsNothing() {
    CryptoProfile addressed = UFS.withDunFromAddress();
    assertThat(addressed.dunIsAddress()).isTrue();
    assertThat(UFS.dunIsAddress()).as("unchanged").isFalse();
    assertThat(CryptoProfile.all().intersect(addressed).hasModes()).isFalse();
    assertThat(addressed.intersect(UFS).hasModes()).isFalse();
    assertThat(UFS.covers(addressed)).isFalse();
    assertThat(addressed.covers(UFS)).isFalse();
  }

  @Test
  void aProfileCoversWhatItCanDoItself() {
    assertThat(UFS.covers(UFS)).isTrue();
    assertThat(CryptoProfile.all().covers(UFS)).isTrue();
    assertThat(UFS.covers(CryptoProfile.none())).isTrue();
    assertThat(CryptoProfile.none().covers(CryptoProfile.none())).isTrue();
    assertThat(CryptoProfile.none().covers(UFS)).isFalse();
  }

  @Test
  void oneMissingCapabilityIsNotCovered() {
    assertThat(UFS.covers(new CryptoProfile(1, 8, Map.of(AES_256_XTS, 0x3200)))).isFalse();
    assertThat(UFS.covers(new CryptoProfile(1, 8, Map.of(ADIANTUM, 0x1000)))).isFalse();
    assertThat(UFS.covers(new CryptoProfile(1, 9, Map.of(AES_256_XTS, 0x1000)))).isFalse();
    assertThat(UFS.covers(UFS.withKeyTypes(Set.of(HARDWARE_WRAPPED)))).isFalse();
    assertThat(UFS.covers(new CryptoProfile(99, 4, Map.of(AES_256_XTS, 0x200))))
        .as("slots are no capability")
        .isTrue();
  }

  @Test
  void aLiveDeviceGainsCapabilitiesAndKeepsItsSlots() {
    CryptoProfile wide = UFS.widenTo(CryptoProfile.all());
    assertThat(wide.covers(CryptoProfile.all())).isTrue();
    assertThat(wide.slotCount()).isEqualTo(32);
  }

  @Test
  void aLiveDeviceNeverLosesCapabilities() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CryptoProfile.all().widenTo(UFS))
        .withMessageContaining("shrink");
  }
}
