package dev.rr.plugin.sqs;

import java.util.Map;

/** A pipeline on a FIFO queue, which knows no delays of single jobs. */
class SqsFifoPipelineTest extends SqsPipelineTest {
  @Override
  Map<String, Object> keys() {
    return TestSqs.keys(TestSqs.unique() + ".fifo", "message_group_id", "group");
  }

  @Override
  protected boolean delays() {
    return false;
  }
}
