package blockdev.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import inlinecrypt.CryptoMode;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CryptoSysfsTest {
  private static final CryptoProfile PROFILE =
      new CryptoProfile(
          32, 8, Map.of(CryptoMode.AES_256_XTS, 512 | 4096, CryptoMode.ADIANTUM, 4096));

  @Test
  void theDirectoryHasTheseFilesEachEndingInANewline() {
    assertThat(CryptoSysfs.files(PROFILE.withKeyTypes(EnumSet.allOf(KeyType.class))))
        .containsExactly(
            entry("hw_wrapped_keys", "supported\n"),
            entry("max_dun_bits", "64\n"),
            entry("modes/AES-256-XTS", "0x1200\n"),
            entry("modes/Adiantum", "0x1000\n"),
            entry("num_keyslots", "32\n"),
            entry("raw_keys", "supported\n"));
  }

  @Test
  void aModeWithoutDataUnitSizesAndATypeOfKeyThatIsNotTakenHaveNoFile() {
    CryptoProfile xtsOnly =
        new CryptoProfile(32, 8, Map.of(CryptoMode.AES_256_XTS, 4096, CryptoMode.ADIANTUM, 0));
    assertThat(CryptoSysfs.files(xtsOnly))
        .containsKeys("modes/AES-256-XTS", "raw_keys")
        .doesNotContainKeys("modes/Adiantum", "hw_wrapped_keys");
    assertThat(CryptoSysfs.files(xtsOnly.withKeyTypes(EnumSet.of(KeyType.HARDWARE_WRAPPED))))
        .containsKey("hw_wrapped_keys")
        .doesNotContainKey("raw_keys");
  }

  @Test
  void modesThatBlkCryptoDoesNotHaveAreNotShown() {
    CryptoProfile more =
        new CryptoProfile(
            1, 8, Map.of(CryptoMode.AES_256_XTS, 4096, CryptoMode.AES_256_HCTR2, 4096));
    assertThat(CryptoSysfs.files(more)).doesNotContainKey("modes/AES-256-HCTR2");
  }

  @Test
  void aDeviceWithoutSlotsSaysZeroAndOneWithoutInlineEncryptionHasNoDirectory() {
    CryptoProfile slotless = new CryptoProfile(0, 16, Map.of(CryptoMode.AES_256_XTS, 4096));
    assertThat(CryptoSysfs.files(slotless))
        .contains(entry("num_keyslots", "0\n"), entry("max_dun_bits", "128\n"));
    assertThat(CryptoSysfs.files(CryptoProfile.none())).isEmpty();
  }
}
