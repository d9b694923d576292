package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blockdev.DeviceModel;
import blockdev.SimulationConfig;
import blockdev.queue.layer.StripedTarget.Stripe;
import inlinecrypt.CryptoMode;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a mapped device says it can encrypt, made of what the devices below can. */
class LayeredCapabilitiesTest {
  private static final CryptoMode XTS = CryptoMode.AES_256_XTS;

  private final Disks disks =
      new Disks(
          SimulationConfig.defaults(),
          1 << 20,
          withProfile(new CryptoProfile(8, 8, Map.of(XTS, 0x1200))),
          withProfile(new CryptoProfile(4, 4, Map.of(XTS, 0x1000))),
          withProfile(CryptoProfile.none()),
          withProfile(new CryptoProfile(4, 8, Map.of(CryptoMode.AES_128_CBC_ESSIV, 0x1200))));

  private static DeviceModel withProfile(CryptoProfile profile) {
    return Disks.SMALL_BLOCKS.withProfile(profile);
  }

  @AfterEach
  void close() {
    disks.close();
  }

  private LinearTarget on(int device) {
    return new LinearTarget(disks.device(device), 0, 8);
  }

  @Test
  void aLayerShowsWhatAllDevicesBelowHaveAndNoKeyslots() {
    MappedDevice linear = disks.mapped(new MappingTable(on(0), on(1)));
    MappedDevice striped =
        disks.mapped(
            new MappingTable(
                new StripedTarget(
                    16,
                    8,
                    List.of(new Stripe(disks.device(1), 0), new Stripe(disks.device(0), 0)))));
    for (MappedDevice device : List.of(linear, striped)) {
      assertThat(device.profile().dataUnitSizeMask(XTS)).isEqualTo(0x1000);
      assertThat(device.profile().maxDunBytes()).isEqualTo(4);
      assertThat(device.profile().slotCount()).isZero();
      assertThat(device.profile().takes(KeyType.RAW)).isTrue();
      assertThat(device.profile().takes(KeyType.HARDWARE_WRAPPED)).isFalse();
    }
  }

  @Test
  void aLayerOverALayerShowsTheSameAgain() {
    MappedDevice lower = disks.mapped(new MappingTable(on(0), on(1)));
    MappedDevice upper = disks.mapped(new MappingTable(new LinearTarget(lower, 0, 16)));
    assertThat(upper.profile().dataUnitSizeMask(XTS)).isEqualTo(0x1000);
    assertThat(upper.profile().maxDunBytes()).isEqualTo(4);
  }

  @Test
  void aDeviceBelowWithoutCryptoLeavesNothing() {
    assertHasNone(new MappingTable(on(0), on(2)));
  }

  @Test
  void devicesWithoutACommonModeLeaveNothingNotEvenADunWidth() {
    assertHasNone(new MappingTable(on(0), on(3)));
  }

  private static void assertHasNone(MappingTable table) {
    assertThat(table.profile().hasModes()).isFalse();
    assertThat(table.profile().maxDunBytes()).isZero();
    assertThat(table.profile().takes(KeyType.RAW)).isFalse();
  }

  @Test
  void aTableThatCanDoLessIsRefusedOnALiveDevice() {
    MappingTable live = new MappingTable(on(0));
    MappedDevice device = disks.mapped(live);
    for (MappingTable less :
        List.of(
            new MappingTable(on(1)), // fewer unit sizes, narrower numbers
            new MappingTable(on(2)), // nothing
            new MappingTable(on(3)), // another mode
            new MappingTable(on(0), on(2)))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> device.swap(less))
          .withMessageContaining("never shrink");
      assertThat(device.table()).isSameAs(live);
      assertThat(device.profile().dataUnitSizeMask(XTS)).isEqualTo(0x1200);
    }
  }

  @Test
  void aTableThatCanDoMoreWidensALiveDevice() {
    MappingTable narrow = new MappingTable(on(0), on(1));
    MappedDevice device = disks.mapped(narrow);
    assertThat(device.swap(new MappingTable(on(0)))).isSameAs(narrow);
    assertThat(device.profile().dataUnitSizeMask(XTS)).isEqualTo(0x1200);
    assertThat(device.profile().maxDunBytes()).isEqualTo(8);
    assertThatIllegalArgumentException().isThrownBy(() -> device.swap(narrow));
  }

  @Test
  void aDeviceWithoutCryptoGetsItWithItsNextTable() {
    MappedDevice device = disks.mapped(new MappingTable(on(2)));
    device.swap(new MappingTable(on(1)));
    assertThat(device.profile().dataUnitSizeMask(XTS)).isEqualTo(0x1000);
  }

  @Test
  void keyTypesAreThoseThatAllDevicesTake() {
    CryptoProfile both =
        DeviceModel.ufsProfile(4).withKeyTypes(EnumSet.of(KeyType.RAW, KeyType.HARDWARE_WRAPPED));
    CryptoProfile common = CryptoProfile.all().intersect(both).intersect(both);
    assertThat(common.takes(KeyType.HARDWARE_WRAPPED)).isTrue();
    assertThat(common.intersect(DeviceModel.ufsProfile(4)).takes(KeyType.HARDWARE_WRAPPED))
        .isFalse();
  }
}
