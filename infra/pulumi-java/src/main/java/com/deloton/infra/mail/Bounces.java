package com.deloton.infra.mail;

import com.deloton.infra.base.StackContext;
import com.deloton.infra.iam.Policy;
import com.deloton.infra.iam.Statement;
import com.google.gson.JsonObject;
import com.pulumi.aws.sesv2.ConfigurationSet;
import com.pulumi.aws.sesv2.ConfigurationSetEventDestination;
import com.pulumi.aws.sesv2.ConfigurationSetEventDestinationArgs;
import com.pulumi.aws.sesv2.inputs.ConfigurationSetEventDestinationEventDestinationArgs;
import com.pulumi.aws.sesv2.inputs.ConfigurationSetEventDestinationEventDestinationSnsDestinationArgs;
import com.pulumi.aws.sns.Topic;
import com.pulumi.aws.sns.TopicArgs;
import com.pulumi.aws.sns.TopicPolicy;
import com.pulumi.aws.sns.TopicPolicyArgs;
import com.pulumi.aws.sns.TopicSubscription;
import com.pulumi.aws.sns.TopicSubscriptionArgs;
import com.pulumi.aws.sqs.Queue;
import com.pulumi.aws.sqs.QueueArgs;
import com.pulumi.aws.sqs.QueuePolicy;
import com.pulumi.aws.sqs.QueuePolicyArgs;
import com.pulumi.core.Output;
import com.pulumi.resources.CustomResourceOptions;
import org.jspecify.annotations.Nullable;

/** Bounces and complaints, kept for 14 days in a queue that raises an alarm. */
public final class Bounces {
    private static final int FOURTEEN_DAYS = 14 * 24 * 3600;

    public final Output<String> queueName;
    private final Mail owner;

    Bounces(Mail owner, ConfigurationSet set) {
        this.owner = owner;
        StackContext context = owner.context();
        Topic topic = new Topic(
                context.name("bounces"),
                TopicArgs.builder().kmsMasterKeyId(context.keyArn()).build(),
                owner.own());
        TopicPolicy policy = new TopicPolicy(
                context.name("bounces"),
                TopicPolicyArgs.builder()
                        .arn(topic.arn())
                        .policy(Policy.of(Statement.allow("sns:Publish")
                                .on(topic.arn())
                                .toService("ses")
                                .when("StringEquals", "aws:SourceAccount", context.account())))
                        .build(),
                owner.own());
        Queue queue = queue(queue("bounces-dead", null));
        new QueuePolicy(
                context.name("bounces"),
                QueuePolicyArgs.builder()
                        .queueUrl(queue.url())
                        .policy(Policy.of(Statement.allow("sqs:SendMessage")
                                .on(queue.arn())
                                .toService("sns")
                                .when("ArnEquals", "aws:SourceArn", topic.arn())))
                        .build(),
                owner.own());
        new TopicSubscription(
                context.name("bounces"),
                TopicSubscriptionArgs.builder()
                        .topic(topic.arn())
                        .protocol("sqs")
                        .endpoint(queue.arn())
                        .build(),
                owner.own());
        events(set, topic, owner.with().dependsOn(policy).build());
        this.queueName = queue.name();
    }

    private void events(ConfigurationSet set, Topic topic, CustomResourceOptions options) {
        new ConfigurationSetEventDestination(
                owner.context().name("bounces"),
                ConfigurationSetEventDestinationArgs.builder()
                        .configurationSetName(set.configurationSetName())
                        .eventDestinationName("bounces")
                        .eventDestination(ConfigurationSetEventDestinationEventDestinationArgs.builder()
                                .enabled(true)
                                .matchingEventTypes("BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE")
                                .snsDestination(
                                        ConfigurationSetEventDestinationEventDestinationSnsDestinationArgs.builder()
                                                .topicArn(topic.arn())
                                                .build())
                                .build())
                        .build(),
                options);
    }

    private Queue queue(Queue dead) {
        return queue("bounces", dead.arn().applyValue(arn -> {
            JsonObject redrive = new JsonObject();
            redrive.addProperty("deadLetterTargetArn", arn);
            redrive.addProperty("maxReceiveCount", 5);
            return redrive.toString();
        }));
    }

    private Queue queue(String part, @Nullable Output<String> redrive) {
        QueueArgs.Builder args =
                QueueArgs.builder().kmsMasterKeyId(owner.context().keyArn()).messageRetentionSeconds(FOURTEEN_DAYS);
        if (redrive != null) {
            args.redrivePolicy(redrive);
        }
        return new Queue(owner.context().name(part), args.build(), owner.own());
    }
}
