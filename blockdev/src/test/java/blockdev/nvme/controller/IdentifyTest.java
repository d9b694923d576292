package blockdev.nvme.controller;

import static inlinecrypt.KeyType.HARDWARE_WRAPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blockdev.DeviceModel;
import blockdev.media.NullMedium;
import blockdev.nvme.Identify;
import blockdev.nvme.InlineCryptoIdentity;
import blockdev.nvme.NvmeStatus;
import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.keyslot.CryptoProfile;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentifyTest {
  private final HandHost host = HandHost.ready(512, 4);

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void theControllerSaysWhatItIs() {
    ByteBuffer data = identify(0, 1);
    assertThat(text(data, 4, 20)).isEqualTo("SIM0                ");
    assertThat(text(data, 24, 40)).startsWith("inlinecrypt simulated device ").hasSize(40);
    assertThat(data.get(77)).as("MDTS: 2^8 pages").isEqualTo((byte) 8);
    assertThat(data.getInt(80)).as("version 2.1").isEqualTo(0x00020100);
    assertThat(data.get(111)).as("I/O controller").isEqualTo((byte) 1);
    assertThat(data.get(512)).as("SQES").isEqualTo((byte) 0x66);
    assertThat(data.get(513)).as("CQES").isEqualTo((byte) 0x44);
    assertThat(data.getInt(516)).as("namespaces").isEqualTo(1);
    assertThat(data.get(525))
        .as("a volatile write cache, flushed by namespace")
        .isEqualTo((byte) 5);
  }

  @Test
  void inlineCryptoIsAdvertisedInTheVendorSpecificBytes() {
    ByteBuffer data = identify(0, 1);
    assertThat(text(data, 3072, 4)).isEqualTo("INLC");
    assertThat(data.get(3076)).as("layout").isEqualTo((byte) 2);
    assertThat(data.get(3077)).as("modes").isEqualTo((byte) 1);
    assertThat(data.getShort(3078)).as("slots").isEqualTo((short) 4);
    assertThat(data.get(3080)).as("DUN bytes").isEqualTo((byte) 16);
    assertThat(data.get(3081)).as("raw keys").isEqualTo((byte) 1);
    assertThat(data.getInt(3088)).as("AES-256-XTS").isEqualTo(1);
    assertThat(data.getInt(3092)).as("data unit sizes").isEqualTo(512 + 4096 + 65536);
  }

  @Test
  void whereThereAreNoBytesThereIsNoCompareAndNobodySaysSo() {
    assertThat(identify(0, 1).getShort(520) & 1).as("ONCS").isEqualTo(1);
    assertThat(identify(0, 1).getShort(522)).as("FUSES").isEqualTo((short) 1);
    try (HandHost none = HandHost.ready(512, 4, new NullMedium(HandHost.MEDIUM_BYTES))) {
      assertThat(none.io(Command.compare(0, 1, 0, 0))).isEqualTo(NvmeStatus.INVALID_OPCODE);
      assertThat(none.admin(Command.of(0x06, 0).prp(4096, 0).cdw(10, 1))).isZero();
      ByteBuffer data = ByteBuffer.wrap(none.memoryAt(4096, 4096)).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(data.getShort(520) & 3).as("Write Uncorrectable alone").isEqualTo(2);
      assertThat(data.getShort(522)).as("FUSES").isZero();
      assertThat(none.admin(Command.of(0x02, 0).prp(4096, 0).cdw(10, 5 | 1023 << 16))).isZero();
      assertThat(none.memoryAt(4096 + 1024 + 4 * 5, 4)).as("effects").containsOnly(0);
    }
  }

  @Test
  void theNamespaceSaysItsSizeAndFormat() {
    ByteBuffer data = identify(1, 0);
    assertThat(data.getLong(0)).isEqualTo(HandHost.MEDIUM_BYTES / 512);
    assertThat(data.getLong(8)).isEqualTo(HandHost.MEDIUM_BYTES / 512);
    assertThat(data.getLong(16)).isEqualTo(HandHost.MEDIUM_BYTES / 512);
    assertThat(data.getInt(128)).as("2^9 bytes, no metadata").isEqualTo(9 << 16);
  }

  @ParameterizedTest(name = "namespace {0}, CNS {1}, to {2}: {3}")
  @CsvSource({
    "0, 0, 0, 00B",
    "2, 0, 0, 00B",
    "0, 4, 0, 002",
    "0, 1, 2, 013",
    "0, 1, 8388608, 004",
    "0, 1, -4096, 004"
  })
  void whatCannotBeIdentifiedIsRefused(int namespace, int cns, long prp1, String status) {
    Command identify = Command.of(0x06, namespace).prp(prp1, 0).cdw10And11(cns, 0);
    assertThat(host.admin(identify)).isEqualTo(Integer.parseInt(status, 16));
  }

  @Test
  void slotsThatDoNotFitTheCommandsFieldAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> unit(DeviceModel.ufsProfile(65536)))
        .withMessageContaining("not 65536");
  }

  @Test
  void aDeviceWithoutSlotsTakesRawKeysAndPagesOnly() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> unit(DeviceModel.ufsProfile(0)))
        .withMessageContaining("4096 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> unit(DeviceModel.fmp().profile().withKeyTypes(Set.of(HARDWARE_WRAPPED))))
        .withMessageContaining("raw keys only");
  }

  @Test
  void aNumberThatDoesNotFitACommandIsRefused() {
    CryptoProfile wide = new CryptoProfile(1, 32, Map.of(CryptoMode.AES_256_XTS, 4096));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> unit(wide))
        .withMessageContaining("not 32");
  }

  @Test
  void theDriverFindsTheProfileThatTheDeviceAdvertises() {
    MemorySegment data = MemorySegment.ofArray(new byte[Identify.BYTES]);
    for (DeviceModel device :
        List.of(
            DeviceModel.ufs(32),
            DeviceModel.emmc(15),
            DeviceModel.fmp(),
            DeviceModel.ufsWrapped(32),
            DeviceModel.ufs(1).withoutInlineCrypt())) {
      data.fill((byte) 0);
      InlineCryptoIdentity.put(data, device.profile());
      CryptoProfile found = InlineCryptoIdentity.profile(data);
      assertThat(found.slotCount()).isEqualTo(device.profile().slotCount());
      assertThat(found.covers(device.profile()) && device.profile().covers(found))
          .as("%s", device)
          .isTrue();
    }
  }

  private static void unit(CryptoProfile profile) {
    new InlineCryptoUnit(profile, CipherEngine.named("reference"), 1).close();
  }

  private ByteBuffer identify(int namespace, int cns) {
    host.fill(4096, 4096, 0xFF);
    Command identify = Command.of(0x06, namespace).prp(4096, 0).cdw10And11(cns, 0);
    assertThat(host.admin(identify)).isEqualTo(NvmeStatus.SUCCESS);
    return ByteBuffer.wrap(host.memoryAt(4096, 4096)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String text(ByteBuffer data, int at, int length) {
    return new String(data.array(), at, length, StandardCharsets.US_ASCII);
  }
}
