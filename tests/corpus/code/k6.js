import http from 'k6/http';
export default function () {
  http.get('https://pinned.events/api/public/v1/channels', { headers: { Authorization: `Token ${__ENV.KEY}` } });
}
