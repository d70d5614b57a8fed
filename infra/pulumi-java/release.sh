#!/usr/bin/env bash
# Releases a pushed image: new revisions of the three task definitions, the migration, then the services.
# usage: release.sh STACK sha256:DIGEST      (needs aws and jq; run with the stack's release role)
#        release.sh --running STACK          prints the digest of the image that the web service runs; nothing before the first
set -euo pipefail
if [ "$1" = --running ]; then
    name=deloton-$2
    definition=$(aws ecs describe-services --cluster "$name-gateway" --services "$name-web" \
        --query 'services[0].taskDefinition' --output text)
    aws ecs describe-task-definition --task-definition "$definition" --output json |
        jq -r '.taskDefinition.containerDefinitions[] | select(.name == "gateway").image' | sed -n 's/.*@\(sha256:.*\)/\1/p'
    exit
fi
stack=$1 digest=$2
name=deloton-$stack
cluster=$name-gateway

register() { # the newest revision (Pulumi's or the last release's) with the image replaced; prints its ARN
    local definition
    definition=$(aws ecs describe-task-definition --task-definition "$name-$1" --query taskDefinition --output json |
        jq --arg digest "$digest" '
            .containerDefinitions |= map(if .name == "gateway" then .image |= (sub("[@:][^/]*$"; "") + "@" + $digest) else . end)
            | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt,
                  .registeredBy, .deregisteredAt)')
    aws ecs register-task-definition --cli-input-json "$definition" \
        --query taskDefinition.taskDefinitionArn --output text
}

# A tag that the repository's lifecycle policy keeps: a running image must not expire.
tag=released-${digest#sha256:}
repository=$name-gateway
if ! aws ecr describe-images --repository-name "$repository" --image-ids imageTag="$tag" > /dev/null 2>&1; then
    manifest=$(aws ecr batch-get-image --repository-name "$repository" --image-ids imageDigest="$digest" \
        --query 'images[0].imageManifest' --output text)
    aws ecr put-image --repository-name "$repository" --image-tag "$tag" --image-manifest "$manifest" \
        --image-digest "$digest" --query image.imageId.imageTag --output text
fi

migrate=$(register migrate)
web=$(register web)
ingest=$(register ingest)

# The migration runs where the ingest tasks run.
network=$(aws ecs describe-services --cluster "$cluster" --services "$name-ingest" \
    --query 'services[0].networkConfiguration' --output json)
task=$(aws ecs run-task --cluster "$cluster" --launch-type FARGATE --task-definition "$migrate" \
    --network-configuration "$network" --query 'tasks[0].taskArn' --output text)
aws ecs wait tasks-stopped --cluster "$cluster" --tasks "$task"
code=$(aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)
if [ "$code" != 0 ]; then
    echo "The migration ended with $code; the services are as they were. See the log group /deloton/$stack/migrate." >&2
    exit 1
fi

aws ecs update-service --cluster "$cluster" --service "$name-ingest" --task-definition "$ingest" --query service.status --output text
aws ecs update-service --cluster "$cluster" --service "$name-web" --task-definition "$web" --query service.status --output text

# Waits for the new revision itself: a service is also "stable" after the circuit breaker has rolled it back.
rolled() { # SERVICE DEFINITION
    local state
    for _ in $(seq 120); do
        state=$(aws ecs describe-services --cluster "$cluster" --services "$1" --output json |
            jq -r --arg definition "$2" \
                '.services[0].deployments[] | select(.taskDefinition == $definition) | .rolloutState' | head -n 1)
        case $state in
        COMPLETED) return 0 ;;
        FAILED | "") break ;;
        esac
        sleep 10
    done
    echo "The roll-out of $1 to $2 has ended as '${state:-rolled back}'; expected COMPLETED." >&2
    return 1
}
rolled "$name-ingest" "$ingest"
rolled "$name-web" "$web"
