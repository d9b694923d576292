package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queues, features, logs, events and Abort of a controller with two namespaces. */
class AdminSideTest {
  private static final long RING = HandHost.CQ + 65536;
  private static final int AER = 0x0C;

  private final HandHost host = HandHost.withTwoNamespaces();

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void theNamespacesAreListedAndDescribed() {
    ByteBuffer list = identify(0, 2);
    assertThat(list.getInt(0)).isEqualTo(1);
    assertThat(list.getInt(4)).isEqualTo(2);
    assertThat(list.getInt(8)).isZero();
    assertThat(identify(1, 2).getInt(0)).as("after 1").isEqualTo(2);
    assertThat(identify(2, 7).getInt(0)).as("after 2").isZero();
    assertThat(identify(2, 0).getLong(0)).as("NSZE").isEqualTo(2 << 20 >> 12);
    ByteBuffer descriptors = identify(2, 3);
    assertThat(descriptors.get(0)).as("EUI-64").isEqualTo((byte) 1);
    assertThat(descriptors.order(ByteOrder.BIG_ENDIAN).getLong(4) & 0xFF).isEqualTo(2);
    assertThat(identify(0, 0x1C).getLong(0)).as("NVM command set").isEqualTo(1);
  }

  @Test
  void eachNamespaceHasItsOwnBlocks() {
    host.fill(0, 4096, 0x55);
    assertThat(host.io(Command.write(0, 1, 0, 0).put(4, 2))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.mediumAt(2 << 20, 4096)).containsOnly(0x55);
    assertThat(host.mediumAt(0, 4096)).containsOnly(0);
    assertThat(host.io(Command.write(512, 1, 0, 0).put(4, 2)))
        .isEqualTo(NvmeStatus.LBA_OUT_OF_RANGE);
  }

  @Test
  void aQueueCanBeDeletedAndMadeAgainInTheRightOrder() {
    assertThat(host.admin(Command.of(0x04, 0).cdw(10, 1)))
        .isEqualTo(NvmeStatus.INVALID_QUEUE_DELETION);
    assertThat(host.admin(Command.of(0x00, 0).cdw(10, 1))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.admin(Command.of(0x04, 0).cdw(10, 1))).isEqualTo(NvmeStatus.SUCCESS);
    host.makeIoQueues();
    assertThat(host.io(Command.write(0, 1, 0, 0))).isEqualTo(NvmeStatus.SUCCESS);
  }

  @Test
  void aCommandOfADeletedQueueIsAborted() {
    host.fill(0, 512, 0x55);
    host.submitIo(Command.write(0, 1, 0, 0).id(7));
    host.settle(500);
    assertThat(host.admin(Command.of(0x00, 0).cdw(10, 1))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.takeIo()).isEqualTo(7);
    assertThat(host.status()).isEqualTo(NvmeStatus.ABORTED_QUEUE_DELETION);
    assertThat(host.mediumAt(0, 512)).containsOnly(0);
  }

  @Test
  void abortEndsACommandThatIsUnderWayAndNoOther() {
    host.fill(0, 512, 0x55);
    host.submitIo(Command.write(0, 1, 0, 0).id(7));
    host.settle(500);
    host.submitAdmin(Command.of(0x08, 0).cdw(10, 1 | 7 << 16).id(1));
    host.settle(100);
    assertThat(host.takeAdmin()).isEqualTo(1);
    assertThat(host.result()).as("aborted").isZero();
    assertThat(host.takeIo()).isEqualTo(7);
    assertThat(host.status()).isEqualTo(NvmeStatus.ABORT_REQUESTED);
    host.settle();
    assertThat(host.mediumAt(0, 512)).containsOnly(0);
    assertThat(host.takeIo()).isEqualTo(-1);
    assertThat(host.admin(Command.of(0x08, 0).cdw(10, 1 | 7 << 16))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.result()).as("it is gone").isEqualTo(1);
    for (int i = 0; i < 40; i++) {
      assertThat(host.io(Command.write(i, 1, 0, 0))).isEqualTo(NvmeStatus.SUCCESS);
    }
  }

  @ParameterizedTest(name = "feature {0}: {1}, capabilities {2}")
  @CsvSource({
    "1, 0, 5",
    "2, 0, 5",
    "4, 343, 5",
    "6, 1, 5",
    "7, 0, 4",
    "8, 0, 5",
    "10, 0, 5",
    "11, 0, 5",
    "15, 0, 4"
  })
  void aFeatureHasItsDefaultAndCapabilities(int feature, int value, int capabilities) {
    assertThat(get(feature, 0)).isEqualTo(value);
    assertThat(get(feature, 1)).as("default").isEqualTo(value);
    assertThat(get(feature, 3)).isEqualTo(capabilities);
  }

  @Test
  void aResetBringsBackWhatWasSaved() {
    set(0x0B, 0, 0x102);
    set(8 | 1 << 31, 0, 0x203);
    set(8, 0, 0x405);
    assertThat(get(8, 0)).isEqualTo(0x405);
    assertThat(get(8, 2)).as("saved").isEqualTo(0x203);
    assertThat(get(8, 1)).as("default").isZero();
    host.controller.writeRegister(0x14, 0);
    host.enable();
    assertThat(get(8, 0)).isEqualTo(0x203);
    assertThat(get(0x0B, 0)).isZero();
  }

  @Test
  void deallocatedBlocksAreAnErrorForEachNamespaceOnItsOwn() {
    set(5, 2, 1 << 16);
    assertThat(host.admin(Command.of(0x0A, 1).cdw(10, 5))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.result()).isZero();
    assertThat(host.admin(Command.of(0x0A, 2).cdw(10, 5))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.result()).isEqualTo(1 << 16);
    assertThat(host.admin(Command.of(0x0A, 2).cdw(10, 5 | 3 << 8))).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.result()).as("saveable, per namespace, changeable").isEqualTo(7);
  }

  @Test
  void theNumberOfQueuesIsGrantedBeforeThereAreAny() {
    host.controller.writeRegister(0x14, 0);
    host.enable();
    set(7, 0, 5 << 16 | 9);
    assertThat(host.result()).as("one pair").isZero();
  }

  @Test
  void dataOfFeaturesComesBack() {
    host.fill(8192, 16, 0x77);
    assertThat(host.admin(Command.of(0x09, 0).prp(8192, 0).cdw10And11(0x81, 1)))
        .isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.admin(Command.of(0x0A, 0).prp(4096, 0).cdw10And11(0x81, 1)))
        .isEqualTo(NvmeStatus.SUCCESS);
    assertThat(host.memoryAt(4096, 16)).containsOnly(0x77);
    host.fill(8192, 8, 0);
    host.fill(8192, 1, 5);
    assertThat(host.admin(Command.of(0x09, 0).prp(8192, 0).cdw(10, 0x0E))).isZero();
    host.settle(2_000_000_000);
    assertThat(host.admin(Command.of(0x0A, 0).prp(4096, 0).cdw(10, 0x0E))).isZero();
    long timestamp = data().getLong(0);
    assertThat(timestamp & 0xFFFF_FFFF_FFFFL).as("ms").isBetween(2005L, 2100L);
    assertThat(timestamp >>> 48).as("set by the host").isEqualTo(2);
  }

  @Test
  void errorsAreLoggedNewestFirst() {
    host.io(Command.write(1 << 20, 1, 0, 0).id(3));
    host.admin(Command.of(0x0D, 0).id(4));
    ByteBuffer log = log(1, 128);
    assertThat(log.getLong(0)).as("count").isEqualTo(2);
    assertThat(log.getShort(8)).as("admin queue").isZero();
    assertThat(log.getShort(10)).isEqualTo((short) 4);
    assertThat(log.getShort(12)).isEqualTo((short) (NvmeStatus.INVALID_OPCODE << 1));
    assertThat(log.getLong(64)).isEqualTo(1);
    assertThat(log.getShort(64 + 8)).isEqualTo((short) 1);
    assertThat(log.getShort(64 + 12)).isEqualTo((short) (NvmeStatus.LBA_OUT_OF_RANGE << 1));
    assertThat(log.getLong(64 + 16)).as("LBA").isEqualTo(1 << 20);
    assertThat(log.getInt(64 + 24)).as("namespace").isEqualTo(1);
    assertThat(log.getLong(128)).isZero();
  }

  @Test
  void smartCountsOverResetsAndPowerCycles() {
    for (int i = 0; i < 3; i++) {
      host.io(Command.write(0, 1000, 0, 1 << 20));
      host.io(Command.read(0, 1, 4096, 0));
    }
    host.controller.writeRegister(0x14, 0);
    host.controller.powerCycle();
    host.enable();
    ByteBuffer log = log(2, 512);
    assertThat(log.getShort(1)).as("kelvin").isEqualTo((short) 303);
    assertThat(log.getLong(64)).as("reads").isEqualTo(3);
    assertThat(log.getLong(32)).as("thousands of 512 bytes, rounded up").isEqualTo(1);
    assertThat(log.getLong(80)).as("writes").isEqualTo(3);
    assertThat(log.getLong(112)).as("power cycles").isEqualTo(2);
    assertThat(log.getLong(144)).as("unsafe shutdowns").isEqualTo(1);
  }

  @Test
  void aCleanShutdownIsNotCountedAsUnsafe() {
    host.controller.writeRegister(0x14, 4 << 20 | 6 << 16 | 1 << 14 | 1);
    host.controller.powerCycle();
    host.enable();
    assertThat(log(2, 512).getLong(144)).isZero();
  }

  @Test
  void otherLogsSayWhatTheyHaveToSay() {
    assertThat(log(3, 512).get(0)).as("slot 1 is active").isEqualTo((byte) 1);
    assertThat(log(5, 4096).getInt(0x80 * 4)).as("Format").isEqualTo(2 << 16 | 7);
    assertThat(log(5, 4096).getInt(0x0D * 4)).as("no namespace management").isZero();
    assertThat(log(5, 4096).getInt(1024 + 4)).as("Write").isEqualTo(3);
    assertThat(log(0x81, 20).getShort(2)).as("never sanitized").isZero();
    assertThat(log(0, 1024).getInt(0x81 * 4)).as("supported").isEqualTo(1);
  }

  @Test
  void aChangedNamespaceIsListedUntilItsEventIsNotRetained() {
    host.submitAdmin(Command.of(0x80, 2).id(1));
    host.settle(1_000_000_000);
    assertThat(host.takeAdmin()).isEqualTo(1);
    assertThat(log(4 | 1 << 15, 4096).getInt(0)).as("RAE").isEqualTo(2);
    assertThat(host.admin(Command.of(2, 0).prp(2, 0).cdw(10, 4 | 1023 << 16)))
        .as("nothing was read")
        .isEqualTo(NvmeStatus.PRP_OFFSET_INVALID);
    assertThat(log(4, 4096).getInt(0)).isEqualTo(2);
    assertThat(log(4, 4096).getInt(0)).isZero();
  }

  @Test
  void anEventIsReportedOnceUntilItsLogIsRead() {
    request(1);
    request(2);
    host.controller.writeRegister(0x1000 + 8, 99); // a tail beyond the ring
    host.settle();
    assertThat(host.takeAdmin()).isEqualTo(1);
    assertThat(host.result()).as("error, bad value, log 1").isEqualTo(1 << 16 | 1 << 8);
    host.controller.writeRegister(0x1000 + 8 * 5, 1); // no such queue
    host.settle();
    assertThat(host.takeAdmin()).as("masked").isEqualTo(-1);
    host.submitAdmin(Command.of(2, 0).prp(4096, 0).cdw(10, 1 | 1 << 15).id(3)); // RAE
    host.settle();
    assertThat(host.takeAdmin()).isEqualTo(3);
    assertThat(host.takeAdmin()).as("still masked").isEqualTo(-1);
    host.submitAdmin(Command.of(2, 0).prp(4096, 0).cdw(10, 1).id(4));
    host.settle();
    assertThat(host.takeAdmin()).isEqualTo(4);
    host.controller.writeRegister(0x1000 + 8 * 5, 1);
    host.settle();
    assertThat(host.takeAdmin()).isEqualTo(2);
    assertThat(host.result()).as("error, no such register").isEqualTo(1 << 16);
  }

  @Test
  void moreRequestsThanTheLimitAreRefusedAndAResetForgetsThem() {
    for (int id = 1; id <= 4; id++) {
      request(id);
    }
    assertThat(host.admin(Command.of(AER, 0))).isEqualTo(NvmeStatus.ASYNC_EVENT_LIMIT_EXCEEDED);
    host.submitAdmin(Command.of(0x08, 0).cdw(10, 2 << 16).id(5));
    host.settle();
    assertThat(host.takeAdmin()).as("the request that Abort names").isEqualTo(2);
    assertThat(host.status()).isEqualTo(NvmeStatus.ABORT_REQUESTED);
    assertThat(host.takeAdmin()).as("Abort").isEqualTo(5);
    host.controller.writeRegister(0x14, 0);
    host.enable();
    host.controller.writeRegister(0x1000 + 8 * 5, 1);
    host.settle();
    assertThat(host.takeAdmin()).isEqualTo(-1);
  }

  @Test
  void anIdThatIsUnderWayIsAConflictUntilItsCommandCompletes() {
    request(1);
    for (int again = 0; again < 2; again++) { // for the refused one leaves the id to the other
      assertThat(statusOfSetWithId1(0x203)).isEqualTo(NvmeStatus.COMMAND_ID_CONFLICT);
    }
    assertThat(get(8, 0)).as("nothing was set").isZero();
    host.controller.writeRegister(0x1000 + 8 * 5, 1); // no such queue
    host.settle();
    assertThat(host.takeAdmin()).as("the request").isEqualTo(1);
    assertThat(host.status()).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(statusOfSetWithId1(0x203)).isEqualTo(NvmeStatus.SUCCESS);
    assertThat(get(8, 0)).isEqualTo(0x203);
  }

  private int statusOfSetWithId1(int value) {
    host.submitAdmin(Command.of(0x09, 0).cdw10And11(8, value).id(1));
    host.settle();
    assertThat(host.takeAdmin()).isEqualTo(1);
    return host.status();
  }

  @Test
  void aTemperatureBeyondTheThresholdIsReportedToWhoWantsToKnow() {
    request(1);
    set(4, 0, 300);
    host.settle();
    assertThat(host.takeAdmin()).as("not asked for").isEqualTo(-1);
    set(0x0B, 0, 2);
    host.submitAdmin(Command.of(9, 0).cdw10And11(4, 300).id(2));
    host.settle();
    assertThat(host.takeAdmin()).isEqualTo(1);
    assertThat(host.result()).as("health, temperature, log 2").isEqualTo(2 << 16 | 1 << 8 | 1);
    assertThat(host.takeAdmin()).isEqualTo(2);
  }

  @Test
  void severalSubmissionQueuesMayShareACompletionQueue() {
    try (HandHost shared = HandHost.withQueues(2)) {
      int idAndSize = 2 | 3 << 16;
      assertThat(shared.admin(Command.of(1, 0).prp(RING, 0).cdw10And11(idAndSize, 1 << 16 | 1)))
          .isEqualTo(NvmeStatus.SUCCESS);
      shared.put(RING, Command.write(0, 1, 0, 0).id(21));
      shared.controller.writeRegister(0x1000 + 16, 1);
      shared.submitIo(Command.write(1, 1, 0, 0).id(11));
      shared.settle();
      assertThat(new int[] {shared.takeIo(), shared.takeIo(), shared.takeIo()})
          .containsExactlyInAnyOrder(21, 11, -1);
      assertThat(shared.admin(Command.of(0, 0).cdw(10, 1))).isZero();
      assertThat(shared.admin(Command.of(4, 0).cdw(10, 1)))
          .as("queue 2 is still there")
          .isEqualTo(NvmeStatus.INVALID_QUEUE_DELETION);
    }
  }

  @Test
  void theListOfSecurityProtocolsIsThere() {
    assertThat(host.admin(Command.of(0x82, 0).prp(4096, 0).cdw10And11(0, 512))).isZero();
    assertThat(host.memoryAt(4096, 10)).containsExactly(0, 0, 0, 0, 0, 0, 0, 1, 0, 0);
  }

  private void request(int id) {
    host.submitAdmin(Command.of(AER, 0).id(id));
    host.settle();
  }

  private void set(int cdw10, int namespace, int value) {
    assertThat(host.admin(Command.of(0x09, namespace).cdw10And11(cdw10, value)))
        .isEqualTo(NvmeStatus.SUCCESS);
  }

  private int get(int feature, int select) {
    assertThat(host.admin(Command.of(0x0A, 0).cdw(10, feature | select << 8)))
        .isEqualTo(NvmeStatus.SUCCESS);
    return host.result();
  }

  private ByteBuffer identify(int namespace, int cns) {
    assertThat(host.admin(Command.of(0x06, namespace).prp(4096, 0).cdw(10, cns)))
        .isEqualTo(NvmeStatus.SUCCESS);
    return data();
  }

  private ByteBuffer log(int page, int bytes) {
    assertThat(host.admin(Command.of(2, 0).prp(4096, 0).cdw(10, page | (bytes / 4 - 1) << 16)))
        .isEqualTo(NvmeStatus.SUCCESS);
    return data();
  }

  private ByteBuffer data() {
    return ByteBuffer.wrap(host.memoryAt(4096, 4096)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
