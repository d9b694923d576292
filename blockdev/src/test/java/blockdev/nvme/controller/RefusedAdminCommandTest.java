package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import blockdev.nvme.NvmeStatus;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the admin queue refuses, with which status: NVMe sheet, sections 3.3 and 5. There are two
 * namespaces and the I/O queue pair 1, which is all that there can be.
 */
class RefusedAdminCommandTest {
  private static final int ALL = 0xFFFF_FFFF;
  private static final long RING = HandHost.CQ + 65536;

  static Stream<Arguments> refusals() {
    return Stream.of(
        arguments("unknown opcode", Command.of(0x0D, 0), NvmeStatus.INVALID_OPCODE),
        arguments("vendor opcode", Command.of(0xC0, 0), NvmeStatus.INVALID_OPCODE),
        arguments("fused", identify(1, 0).put(1, 1), NvmeStatus.INVALID_FIELD),
        arguments("SGL", identify(1, 0).put(1, 0x40), NvmeStatus.INVALID_FIELD),
        arguments("CQ 0", create(5, 0, 3, 1 << 16 | 3), NvmeStatus.INVALID_QUEUE_IDENTIFIER),
        arguments("CQ in use", create(5, 1, 3, 1 << 16 | 3), NvmeStatus.INVALID_QUEUE_IDENTIFIER),
        arguments("CQ beyond", create(5, 2, 3, 1 << 16 | 3), NvmeStatus.INVALID_QUEUE_IDENTIFIER),
        arguments("SQ in use", create(1, 1, 3, 1 << 16 | 1), NvmeStatus.INVALID_QUEUE_IDENTIFIER),
        arguments("delete SQ 0", delete(0x00, 0), NvmeStatus.INVALID_QUEUE_IDENTIFIER),
        arguments("delete SQ 2", delete(0x00, 2), NvmeStatus.INVALID_QUEUE_IDENTIFIER),
        arguments("delete SQ FFFFh", delete(0x00, 0xFFFF), NvmeStatus.INVALID_QUEUE_IDENTIFIER),
        arguments("delete CQ 0", delete(0x04, 0), NvmeStatus.INVALID_QUEUE_IDENTIFIER),
        arguments("delete CQ 2", delete(0x04, 2), NvmeStatus.INVALID_QUEUE_IDENTIFIER),
        arguments("delete CQ with its SQ", delete(0x04, 1), NvmeStatus.INVALID_QUEUE_DELETION),
        arguments("Identify: CNS", identify(1, 0x1F), NvmeStatus.INVALID_FIELD),
        arguments("Identify: namespace 0", identify(0, 0), NvmeStatus.INVALID_NAMESPACE),
        arguments("Identify: namespace 3", identify(3, 0), NvmeStatus.INVALID_NAMESPACE),
        arguments("Identify: all", identify(ALL, 0), NvmeStatus.INVALID_NAMESPACE),
        arguments("descriptors of 3", identify(3, 3), NvmeStatus.INVALID_NAMESPACE),
        arguments("independent of 0", identify(0, 8), NvmeStatus.INVALID_NAMESPACE),
        arguments("list after FFFFFFFEh", identify(-2, 2), NvmeStatus.INVALID_NAMESPACE),
        arguments("list after FFFFFFFFh", identify(ALL, 2), NvmeStatus.INVALID_NAMESPACE),
        arguments("CSI 1", identify(1, 5).cdw(11, 1 << 24), NvmeStatus.INVALID_FIELD),
        arguments("log page", log(0x0C, 0, 1), NvmeStatus.INVALID_LOG_PAGE),
        arguments("vendor log page", log(0xC0, 0, 1), NvmeStatus.INVALID_LOG_PAGE),
        arguments("log beyond its end", log(2, 0, 1).cdw(12, 512), NvmeStatus.INVALID_FIELD),
        arguments("log far beyond", log(2, 0, 1).cdw(13, -1), NvmeStatus.INVALID_FIELD),
        arguments("log offset of 2", log(2, 0, 1).cdw(12, 2), NvmeStatus.INVALID_FIELD),
        arguments("log over MDTS", log(2, 0, 1).cdw(11, 0xFFFF), NvmeStatus.INVALID_FIELD),
        arguments("SMART of one namespace", log(2, 1, 1), NvmeStatus.INVALID_FIELD),
        arguments("feature 0", set(0, 0, 0), NvmeStatus.INVALID_FIELD),
        arguments("feature C0h", set(0xC0, 0, 0), NvmeStatus.INVALID_FIELD),
        arguments("get feature C0h", get(0xC0, 0), NvmeStatus.INVALID_FIELD),
        arguments("SEL 4", get(1, 0).cdw(10, 4 << 8 | 1), NvmeStatus.INVALID_FIELD),
        arguments("save queues", set(7 | 1 << 31, 0, 0), NvmeStatus.FEATURE_NOT_SAVEABLE),
        arguments("save host id", set(0x81 | 1 << 31, 0, 0), NvmeStatus.FEATURE_NOT_SAVEABLE),
        arguments("one namespace", set(1, 1, 0), NvmeStatus.FEATURE_NOT_NAMESPACE_SPECIFIC),
        arguments("no such namespace", set(1, 3, 0), NvmeStatus.INVALID_NAMESPACE),
        arguments("DULBE of 0", set(5, 0, 1 << 16), NvmeStatus.INVALID_NAMESPACE),
        arguments("DULBE of 3", set(5, 3, 1 << 16), NvmeStatus.INVALID_NAMESPACE),
        arguments("get DULBE of all", get(5, ALL), NvmeStatus.INVALID_NAMESPACE),
        arguments("power state 1", set(2, 0, 1), NvmeStatus.INVALID_FIELD),
        arguments("65536 queues", set(7, 0, 0xFFFF), NvmeStatus.INVALID_FIELD),
        arguments("queues after queues", set(7, 0, 0), NvmeStatus.COMMAND_SEQUENCE_ERROR),
        arguments("vector 2", set(9, 0, 2), NvmeStatus.INVALID_FIELD),
        arguments("sensor 1", set(4, 0, 1 << 16), NvmeStatus.INVALID_FIELD),
        arguments("timestamp from outside", set(0x0E, 0, 0).prp(-8, 0), 0x004),
        arguments("format of 0", format(0, 0), NvmeStatus.INVALID_NAMESPACE),
        arguments("format of 3", format(3, 0), NvmeStatus.INVALID_NAMESPACE),
        arguments("format 15", format(1, 15), NvmeStatus.INVALID_FORMAT),
        arguments("format 16", format(1, 1 << 12), NvmeStatus.INVALID_FORMAT),
        arguments("PI without metadata", format(1, 1 << 5), NvmeStatus.INVALID_FORMAT),
        arguments("SES 3", format(1, 3 << 9), NvmeStatus.INVALID_FIELD),
        arguments("SANACT 0", sanitize(0), NvmeStatus.INVALID_FIELD),
        arguments("SANACT 5", sanitize(5), NvmeStatus.INVALID_FIELD),
        arguments("SANACT 7", sanitize(7), NvmeStatus.INVALID_FIELD),
        arguments("security protocol", security(0x82, 0xFE), NvmeStatus.INVALID_FIELD),
        arguments("send protocol", security(0x81, 0xFE), NvmeStatus.INVALID_FIELD));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void aBadAdminCommandGetsItsStatus(String what, Command command, int status) {
    try (HandHost host = HandHost.withTwoNamespaces()) {
      assertThat(NvmeStatus.describe(host.admin(command))).isEqualTo(NvmeStatus.describe(status));
      assertThat(host.admin(identify(2, 0))).as("alive").isEqualTo(NvmeStatus.SUCCESS);
      assertThat(host.io(Command.write(0, 1, 0, 0))).isEqualTo(NvmeStatus.SUCCESS);
    }
  }

  private static Command identify(int namespace, int cns) {
    return Command.of(0x06, namespace).prp(4096, 0).cdw(10, cns);
  }

  private static Command create(int opcode, int id, int size, int cdw11) {
    return Command.of(opcode, 0).prp(RING, 0).cdw10And11(id | size << 16, cdw11);
  }

  private static Command delete(int opcode, int id) {
    return Command.of(opcode, 0).cdw(10, id);
  }

  private static Command log(int page, int namespace, int dwords) {
    return Command.of(0x02, namespace).prp(4096, 0).cdw(10, page | dwords - 1 << 16);
  }

  private static Command set(int cdw10, int namespace, int value) {
    return Command.of(0x09, namespace).prp(4096, 0).cdw10And11(cdw10, value);
  }

  private static Command get(int feature, int namespace) {
    return Command.of(0x0A, namespace).prp(4096, 0).cdw(10, feature);
  }

  private static Command format(int namespace, int cdw10) {
    return Command.of(0x80, namespace).cdw(10, cdw10);
  }

  private static Command sanitize(int action) {
    return Command.of(0x84, 0).cdw(10, action);
  }

  private static Command security(int opcode, int protocol) {
    return Command.of(opcode, 0).prp(4096, 0).cdw10And11(protocol << 24, 512);
  }
}
